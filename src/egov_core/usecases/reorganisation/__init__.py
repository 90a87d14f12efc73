"""A reform as a plan: looked at, carried through, taken back."""
