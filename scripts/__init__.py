"""What the project does around the program: set-up, checks and measurements."""
