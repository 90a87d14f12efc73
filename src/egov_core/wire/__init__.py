"""Shapes that cross the edge: cattrs and orjson live here only."""
