"""One command, one function: read, decide, write. Imports ports, hooks, wire and domain."""
