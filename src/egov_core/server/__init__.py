"""The reference web server (Starlette)."""
