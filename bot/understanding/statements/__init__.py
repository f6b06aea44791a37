"""A message cut into statements, and whether what each one names is so."""
