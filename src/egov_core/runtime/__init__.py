"""The only floor that assembles: settings, clock, schedule, worker, doctor."""
