"""What the office keeps of plugins, and what they would have said of recorded cases."""
