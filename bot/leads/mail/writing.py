"""Writing the mails: which one goes to whom, with which headers and words.

Nothing that was typed into the form stands in a mail, its address aside: a mistyped address must not tell a
stranger whose answers these are, and nobody may use the form to send words of his own to others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from email_validator import validate_email

from bot.leads.clock import now
from bot.leads.mail.family_copy import as_html, as_text, family_copy
from bot.leads.mail.letters import Letter, NotToBeSent, in_paragraphs
from bot.leads.mail.news import news_letter
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Fate, Job, NewsJob
from bot.settings import Settings
from bot.texts import Texts, load_texts

# What a line of a mail may have at the most (RFC 5322), without its end.
_LONGEST_LINE = 998


@dataclass(frozen=True)
class Mail:
    """A mail as it goes over the wire, and its envelope. Lines of ``content`` end in CRLF."""

    sender: str
    recipient: str
    content: bytes
    needs_utf8: bool


def write(job: Job | NewsJob, settings: Settings, at: datetime | None = None) -> Mail:
    """The mail that a job asks for. Raises NotToBeSent."""
    moment = at or now()
    texts = load_texts("en")
    if isinstance(job, NewsJob):
        letter = news_letter(job, settings, texts, moment)
    else:
        words = _words(job, settings, texts, moment)
        letter = Letter(_recipient(job, settings), *words)
    sender, recipient = _ascii(settings.mail_from or ""), _ascii(letter.recipient)
    needs_utf8 = not (sender + recipient).isascii()
    # Plain ASCII on the wire, so that no server on the way need be able to do more.
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=needs_utf8))
    for name, address in (("From", sender), ("To", recipient)):
        username, _, domain = address.rpartition("@")
        message[name] = Address(username=username, domain=domain)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{job.webhook_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    # Exchange heeds this one: no notes that somebody is away.
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = texts.language
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text, cte="quoted-printable")
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    # A link in a header can't be folded: it would be encoded, and no mail program would find it.
    content = message.as_bytes(policy=message.policy.clone(max_line_length=_LONGEST_LINE))
    return Mail(sender, recipient, content, needs_utf8)


def _ascii(address: str) -> str:
    """The address with its domain as servers write it; one with other letters before the @ stays as it is."""
    read = validate_email(address, check_deliverability=False)
    return read.ascii_email or read.normalized


def _recipient(job: Job, settings: Settings) -> str:
    if job.kind in (Kind.FAMILY_COPY, Kind.CODE):
        if job.card.contact is None:
            raise NotToBeSent(Fate.PERSON, "the lead was withdrawn, or the key of its contact is missing")
        return job.card.contact.email
    if job.card.contact is None and not job.card.screening.get("facts"):
        raise NotToBeSent(Fate.PERSON, "the lead was withdrawn")
    name = "site_mail" if job.kind == Kind.SITE_NOTE else "site_escalation_mail"
    address: str | None = getattr(settings, name)
    if address is None:
        raise NotToBeSent(Fate.AGAIN, f"no {name.upper()} is set")
    return address


def _words(job: Job, settings: Settings, texts: Texts, moment: datetime) -> tuple[str, str, str | None]:
    """Subject, plain text and HTML of a mail."""
    reference = job.card.reference
    match job.kind:
        case Kind.FAMILY_COPY:
            copy = family_copy(job.card, settings, texts, moment)
            return copy.subject, as_text(copy), as_html(copy)
        case Kind.CODE:
            return texts.say("mail.code.subject"), _code_text(job, texts, moment), None
        case Kind.SITE_NOTE:
            said = [texts.say("mail.note.body", reference=reference), *_inbox(job, settings, texts)]
            return texts.say("mail.note.subject", reference=reference), in_paragraphs(said), None
        case Kind.ESCALATION:
            hours = (moment - job.card.created) // timedelta(hours=1)
            said = [texts.say("mail.escalation.body", reference=reference, hours=hours)]
            subject = texts.say("mail.escalation.subject", reference=reference, hours=hours)
            return subject, in_paragraphs([*said, *_inbox(job, settings, texts)]), None
    raise NotToBeSent(Fate.PERSON, "this is no mail")


def _inbox(job: Job, settings: Settings, texts: Texts) -> list[str]:
    said = texts.say("mail.note.open")
    if settings.public_url is not None:
        link = f"{settings.public_url.rstrip('/')}/inbox/lead/{job.card.reference}"
        said = texts.say("mail.note.open_link", link=link)
    return [said, texts.say("mail.note.bare")]


def _code_text(job: Job, texts: Texts, moment: datetime) -> str:
    expires = datetime.fromisoformat(job.payload["expires"])
    minutes = (expires - moment) // timedelta(minutes=1)
    if minutes < 1:
        raise NotToBeSent(Fate.PERSON, "the code ran out before the mail could go")
    return in_paragraphs(
        [
            texts.say("mail.code.code", code=job.payload["code"]),
            texts.say("mail.code.good_for", minutes=minutes),
            texts.say("mail.code.use"),
            texts.say("mail.code.not_you"),
        ]
    )
