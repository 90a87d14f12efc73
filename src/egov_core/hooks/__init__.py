"""What plugins may answer. pluggy lives here only."""
