"""Timers: pure functions of events, calendar days and a frozen policy."""
