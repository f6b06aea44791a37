"""`make match-bench`: what a turn's decision costs with 10 to 10,000 trials, beside a plain loop and SQL."""
