"""Trial files as a site keeps them: checked with the interview's questions and texts, reviewed, changed."""
