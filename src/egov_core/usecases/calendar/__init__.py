"""Holiday notices: taken in, and what they move brought to the calendar in force."""
