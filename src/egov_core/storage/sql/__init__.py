"""SQL storage: SQLAlchemy Core, rows mapped by hand."""
