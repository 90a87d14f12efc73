"""County government services and electronic supervision."""

__version__ = "0.1.0"
