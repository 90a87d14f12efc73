"""Backends of the storage contract: memory and SQL."""
