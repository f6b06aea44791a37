"""The kinds of messages in the outbox, and the states that a delivery can be in."""

from enum import StrEnum


class Kind(StrEnum):
    """What a delivery carries, and to whom."""

    LEAD = "lead"
    """The lead itself, to the site's form."""
    WITHDRAWAL = "withdrawal"
    """A family took her lead back: the reference alone, to the site's form."""
    FAMILY_COPY = "family_copy"
    """A mail to the family: what was sent, the reference, how to reach the site and to withdraw."""
    SITE_NOTE = "site_note"
    """A mail to the site that a lead came in, without health data."""
    ESCALATION = "escalation"
    """A mail to the second address: a lead is untouched for too long."""
    CODE = "code"
    """A mail to the family with the one-time code for her status page."""
    NEWS_CONFIRM = "news_confirm"
    """A mail to an address that was signed up: with a link that says yes to further ones."""
    NEWS_DATE = "news_date"
    """A mail to who signed up: the day from which something may change has come."""
    NEWS_STUDY = "news_study"
    """A mail to who signed up: a study opened that may be a match."""
    NEWS_END = "news_end"
    """The last mail to who signed up: her time is over, and no more mails come."""


class State(StrEnum):
    """How far a delivery is. Every one of them is shown in the inbox."""

    WAITING = "waiting"
    """To be tried when its time comes."""
    SENDING = "sending"
    """Being tried now. Where the process dies in it, the outcome is not known."""
    DELIVERED = "delivered"
    """Taken by whom it is for."""
    NEEDS_PERSON = "needs_person"
    """It can't heal by itself, or was tried for days."""
    MAYBE_SENT = "maybe_sent"
    """It may have arrived, and can't be repeated without being counted twice: somebody must look."""
    CANCELLED = "cancelled"
    """No longer wanted: the lead was withdrawn before it went out."""


TO_SIGN_UPS = (Kind.NEWS_CONFIRM, Kind.NEWS_DATE, Kind.NEWS_STUDY, Kind.NEWS_END)
"""Kinds that belong to a sign-up; all others belong to a lead."""


REPEATABLE = frozenset({Kind.LEAD, Kind.WITHDRAWAL})
"""Kinds that may be sent again when an outcome is unknown, where the site honours ``webhook-id``."""
