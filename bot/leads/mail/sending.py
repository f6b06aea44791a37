"""Sending one mail of the outbox."""

from bot.leads.mail.handover import PATIENCE, Patience, hand_over
from bot.leads.mail.letters import NotToBeSent
from bot.leads.mail.writing import write
from bot.leads.outbox.outcome import Fate, Job, NewsJob, Outcome
from bot.settings import Settings


def send(job: Job | NewsJob, settings: Settings, patience: Patience = PATIENCE) -> Outcome:
    """Write the mail that the job asks for and give it to the mail server. Raises nothing."""
    if settings.smtp_host is None:
        # It may be set again: the mail waits like a lead without an address.
        return Outcome(Fate.AGAIN, "not sent: no SMTP_HOST is set")
    try:
        mail = write(job, settings)
    except NotToBeSent as reason:
        return Outcome(reason.fate, f"not sent: {reason}")
    except Exception as error:
        # Whatever is odd about one of them must not stop the worker, and its words may hold an address.
        return Outcome(Fate.PERSON, f"not sent: the mail can't be written ({type(error).__name__})")
    return hand_over(mail, settings, patience)
