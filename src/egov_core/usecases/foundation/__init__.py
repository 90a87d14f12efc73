"""What every use case stands on: the parts of an office, its reference data, their chains, the rows of a case."""
