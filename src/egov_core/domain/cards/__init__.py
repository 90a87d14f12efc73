"""Card policies as data, compiled to instants."""
