"""Open cases of an earlier system as rows of a spreadsheet."""
