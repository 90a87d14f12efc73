"""Reorganisation 机构改革 as a plan: what it says, what it changes, and what was carried through."""
