"""What leaves the office: who may send it now, what came of it."""
