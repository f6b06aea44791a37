"""The family's copy: what was sent in words, the reference, when the site calls, how to take it back."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.leads.promise import call_sentence
from bot.leads.reading import LeadCard
from bot.leads.words import Answer, day_in_words, grouped
from bot.settings import Settings
from bot.texts import Texts

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Part:
    """A heading with what stands under it: sentences, then answers, then sentences; a link at the end."""

    title: str
    before: list[str]
    answers: list[Answer]
    after: list[str]
    link: str | None = None


@dataclass(frozen=True)
class FamilyCopy:
    """All that the copy says; plain text and HTML only lay it out."""

    subject: str
    language: str
    opening: list[str]
    parts: list[Part]
    closing: list[str]


def family_copy(card: LeadCard, settings: Settings, texts: Texts, at: datetime) -> FamilyCopy:
    """The words of a lead's copy, as things stand at this moment."""
    site = settings.site_name
    emergency = settings.site_emergency_number or texts.say("mail.copy.emergency")
    return FamilyCopy(
        subject=texts.say("mail.copy.subject", reference=card.reference),
        language=texts.language,
        opening=[texts.say("mail.copy.sent", site=site), texts.say("mail.copy.not_you")],
        parts=[
            Part(texts.say("mail.copy.reference"), [card.reference], [], []),
            Part(texts.say("mail.copy.next"), _next(card, settings, texts, at), [], []),
            Part(texts.say("mail.copy.found"), _found(card, texts), [], []),
            _answers(card, texts),
            _take_back(settings, texts),
        ],
        closing=[texts.say("mail.copy.automatic", emergency=emergency)],
    )


def as_text(copy: FamilyCopy) -> str:
    """The copy as plain text."""
    return _TEMPLATES.get_template("family_copy.txt").render(copy=copy)


def as_html(copy: FamilyCopy) -> str:
    """The copy as simple HTML without pictures, scripts or anything to load."""
    return _TEMPLATES.get_template("family_copy.html").render(copy=copy)


def _next(card: LeadCard, settings: Settings, texts: Texts, at: datetime) -> list[str]:
    said = [call_sentence(card.created, at, settings, texts)]
    if settings.site_phone is None:
        return [*said, texts.say("mail.copy.no_phone", site=settings.site_name)]
    said.append(texts.say("web.sent.phone", site=settings.site_name, phone=settings.site_phone))
    if settings.site_hours is not None:
        said.append(texts.say("web.sent.hours", hours=settings.site_hours))
    return said


def _found(card: LeadCard, texts: Texts) -> list[str]:
    until = card.screening.get("until")
    if card.verdict == "not_yet" and until:
        said = [texts.say("web.verdict.not_yet_until", day=day_in_words(until))]
    else:
        said = [texts.say(f"web.verdict.{card.verdict}")]
    if card.verdict == "not_yet":
        said.append(texts.say("web.verdict.keep_treatment"))
    return [*said, texts.say("mail.copy.team_decides")]


def _answers(card: LeadCard, texts: Texts) -> Part:
    told = grouped(card.screening["facts"], texts)
    after = []
    if told.no:
        after.append(texts.say("web.check.said_no", things="; ".join(told.no)))
    if told.no_lately:
        after.append(texts.say("web.check.said_no_lately", things="; ".join(told.no_lately)))
    after.append(texts.say("mail.copy.left_out"))
    digits = "".join(sign for sign in card.contact.phone if sign.isdigit()) if card.contact else ""
    if len(digits) > 4:
        # Enough to see a slip in the number, and too little to call it.
        after.append(texts.say("mail.copy.phone_end", digits=digits[-4:]))
    return Part(texts.say("mail.copy.answers"), [], told.told, after)


def _take_back(settings: Settings, texts: Texts) -> Part:
    title = texts.say("mail.copy.take_back")
    if settings.public_url is None:
        return Part(title, [texts.say("mail.copy.take_back_tell")], [], [])
    link = f"{settings.public_url.rstrip('/')}/status"
    return Part(title, [texts.say("mail.copy.take_back_page")], [], [], link)
