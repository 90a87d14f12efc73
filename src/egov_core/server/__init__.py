"""The reference server: pages and a small JSON face. Starlette and Jinja live here only."""
