"""What an ethics board can approve: the families' texts as one list with one hash, and the check at a start.

A board approves a script (``bot.script``), and the site writes its hash into ``APPROVED_SCRIPT``. Every
process that shows texts to families asks ``bot.approval.check`` before it starts. Nothing is called approved
here: what a board has approved is its own word.
"""
