"""What plugins may answer. pluggy lives here only; nothing is created on import but the two markers."""
