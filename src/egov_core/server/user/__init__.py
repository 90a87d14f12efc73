"""What citizens look at."""
