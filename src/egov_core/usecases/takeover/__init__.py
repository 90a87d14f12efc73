"""Moving in and out with open cases."""
