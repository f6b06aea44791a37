"""`python -m scripts.bench`: what a turn costs, beside the bot that Rasa itself makes. See docs/bench.md."""
