"""What we ask of others: promises, numbered, without an implementation."""
