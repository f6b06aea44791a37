"""`python -m scripts.load`: how many families at once this machine holds. See docs/load.md."""
