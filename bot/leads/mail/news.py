"""Mails to somebody who signed up for news. Each can be stopped: by its reader, and by her mail program.

None names an illness or a study: who shares the mailbox, or was given a mistyped address, learns no more than
that somebody asked for mails.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.leads.mail.letters import Letter, NotToBeSent, in_paragraphs
from bot.leads.news.signing import CONFIRM_WITHIN
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Fate, NewsJob
from bot.leads.words import day_in_words
from bot.settings import Settings
from bot.texts import Texts


def news_letter(job: NewsJob, settings: Settings, texts: Texts, at: datetime) -> Letter:
    """The words of such a mail, at this moment. Raises NotToBeSent."""
    if settings.public_url is None:
        # Without the links it could be neither confirmed nor stopped.
        raise NotToBeSent(Fate.AGAIN, "no PUBLIC_URL is set")
    base = settings.public_url.rstrip("/")
    stop_link = f"{base}/news/stop/{job.signup.stop}"
    said = _said(job, base, settings, texts, at)
    footer = [texts.say("news.mail.stop", link=stop_link), _automatic(settings, texts)]
    return Letter(
        recipient=job.signup.email,
        subject=texts.say(f"news.mail.{_name(job.kind)}.subject"),
        text=in_paragraphs([*said, "-- \n" + "\n\n".join(footer)]),
        headers=_one_click(stop_link),
    )


def _name(kind: str) -> str:
    names = {
        Kind.NEWS_CONFIRM: "confirm",
        Kind.NEWS_DATE: "date",
        Kind.NEWS_STUDY: "study",
        Kind.NEWS_END: "end",
    }
    return names[Kind(kind)]


def _said(job: NewsJob, base: str, settings: Settings, texts: Texts, at: datetime) -> list[str]:
    site, chat = settings.site_name, f"{base}/"
    match job.kind:
        case Kind.NEWS_CONFIRM:
            return _confirm(job, base, settings, texts, at)
        case Kind.NEWS_DATE:
            return [
                texts.say("news.mail.date.come", day=day_in_words(job.payload["day"])),
                texts.say("web.verdict.keep_treatment"),
                texts.say("news.mail.date.chat", link=chat),
                texts.say("news.mail.decides", site=site),
            ]
        case Kind.NEWS_STUDY:
            return [
                texts.say("news.mail.study.opened", site=site),
                texts.say("news.mail.study.chat", link=chat),
                texts.say("news.mail.decides", site=site),
                texts.say("web.verdict.keep_treatment"),
            ]
    return [texts.say("news.mail.end.over", site=site), texts.say("news.mail.end.again", link=chat)]


def _confirm(job: NewsJob, base: str, settings: Settings, texts: Texts, at: datetime) -> list[str]:
    until = job.signup.created + CONFIRM_WITHIN
    if job.signup.confirmed is not None:
        raise NotToBeSent(Fate.PERSON, "it was confirmed already")
    if until <= at:
        raise NotToBeSent(Fate.PERSON, "the sign-up ran out before the mail could go")
    there = until.astimezone(ZoneInfo(settings.site_timezone))
    return [
        texts.say("news.mail.confirm.asked", site=settings.site_name),
        texts.say("news.mail.confirm.press", link=f"{base}/news/confirm/{job.signup.confirm}"),
        texts.say("news.mail.confirm.until", day=day_in_words(there.date().isoformat())),
        texts.say("news.mail.confirm.not_you"),
    ]


def _automatic(settings: Settings, texts: Texts) -> str:
    emergency = settings.site_emergency_number or texts.say("mail.copy.emergency")
    return texts.say("mail.copy.automatic", emergency=emergency)


def _one_click(stop_link: str) -> dict[str, str]:
    """RFC 8058: a mail program may offer a button that stops with one POST. It asks for https."""
    headers = {"List-Unsubscribe": f"<{stop_link}>"}
    if stop_link.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
