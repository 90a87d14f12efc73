"""From the application to the end: a request of one actor becomes events, rows, timers and cards of one case."""
