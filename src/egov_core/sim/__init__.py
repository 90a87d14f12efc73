"""Seeded generation of believable case histories."""
