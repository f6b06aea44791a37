"""Who writes, and of whom each statement speaks."""
