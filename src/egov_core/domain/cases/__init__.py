"""Cases: commands, events, the transition table, decide and evolve."""
