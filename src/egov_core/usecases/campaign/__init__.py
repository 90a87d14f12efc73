"""Collecting the forms of units, and units that join."""
