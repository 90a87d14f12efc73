"""Codes: what stands for what in which list and version, check digits, and areas that were and are.

Rules of this room: codes are opaque texts, nothing is read from their parts; a name is what we hold, a code is looked
up in a list of a version where something is exchanged. What a mapping loses is said, what it has not is refused.
"""
