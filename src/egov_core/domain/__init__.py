"""The law, pure: attrs and the standard library. No I/O, no clock, no randomness, no logging."""
