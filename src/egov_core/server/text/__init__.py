"""The words of the pages, one TOML file per language."""
