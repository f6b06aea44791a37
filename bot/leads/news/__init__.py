"""Sign-ups for news: who is to be told when a day comes or a study opens, and when that is told.

offers   what a screening gives her to choose from
signing  signing up, saying yes by link, stopping
telling  what the worker queues: the day, a study, the last mail
ending   when a sign-up is over and deleted
"""
