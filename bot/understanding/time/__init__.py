"""Times in a message: every expression of time as an interval of days."""
