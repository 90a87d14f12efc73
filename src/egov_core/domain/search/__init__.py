"""Searching the catalogue: how a text becomes terms, how synonyms widen it, how what was found is ranked. All pure."""
