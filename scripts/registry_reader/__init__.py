"""How good the readings of criteria are, against labels that people wrote."""
