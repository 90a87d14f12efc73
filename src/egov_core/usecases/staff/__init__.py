"""People: the first ones, those who follow, and whose work passes to whom."""
