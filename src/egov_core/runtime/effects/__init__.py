"""Effects: what leaves the office through plugins, each in a lane of its own that can be ended."""
