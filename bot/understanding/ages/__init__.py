"""The patient's age, as completed months today."""
