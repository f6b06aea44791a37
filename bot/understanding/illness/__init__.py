"""The disease, how it goes, and the child's health."""
