"""Trial registries: their records, and what can be read out of them for a trial's file.

record -> criteria word for word -> readings with evidence -> a draft of a trial's file

A draft never rules anybody out; it is there to be reviewed. Rests on ``criteria`` and requests alone.
"""
