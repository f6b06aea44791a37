"""`make understanding`: how well families' messages are understood, beside two baselines on the same set."""
