"""The working calendar: notices, days, office hours."""
