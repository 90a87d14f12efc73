"""The invented demo county."""
