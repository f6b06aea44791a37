"""What is wrong or unclear in a trial file and its source, found without knowing families or questions.

Nothing here decides anything for a family: it tells the people who bring a trial in what to put right, and
what to ask of those who run the study.
"""
