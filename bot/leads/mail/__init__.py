"""Mails to the family, to the site and to the second address: written here, handed over by SMTP."""

from bot.leads.mail.sending import send

__all__ = ["send"]
