"""Mails to families, to who signed up for news, to the site and to the second address.

They are written here and handed over by SMTP.
"""

from bot.leads.mail.sending import send

__all__ = ["send"]
