"""A message in the light of the question that was asked."""
