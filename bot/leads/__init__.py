"""What a family asked to be passed on: the lead, its store, its delivery, and forgetting all the rest."""
