"""Tabular files in and out."""
