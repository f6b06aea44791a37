"""Treatments and other dated events: whether they were, their last day, their kind."""
