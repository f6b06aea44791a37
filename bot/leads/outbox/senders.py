"""Which sender takes which kind of message."""

from bot.leads import mail
from bot.leads.outbox import plain_form, webhook
from bot.leads.outbox.form_fields import field_values
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Sender
from bot.settings import Settings


def sender_for(kind: str, settings: Settings) -> Sender:
    """The sender of a kind: the site's form by its kind, and the mail server for all the others."""
    if kind not in (Kind.LEAD, Kind.WITHDRAWAL):
        return mail.send
    return plain_form.send if settings.site_form_kind == "form" else webhook.send


def check_delivery(settings: Settings) -> None:
    """Raise SettingsError, in one clear sentence, where leads could not be sent as the settings say."""
    if settings.site_form_kind == "form" and settings.site_form_url is not None:
        field_values(settings)
