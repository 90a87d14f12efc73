"""`verify`: what is stored held against its events."""
