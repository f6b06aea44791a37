"""A lead as somebody would type it into the site's HTML contact form.

Such a form can't tell a repeat from a second family. A sending whose outcome is not known is therefore never
repeated: it becomes "maybe sent", and a person looks.
"""

from urllib.parse import urlencode

from bot.leads.outbox.calling import Answer, Limits, post, same_place
from bot.leads.outbox.form_fields import field_values, filled
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Fate, Job, Outcome
from bot.leads.outbox.webhook import judged
from bot.settings import Settings, SettingsError

TELL_THEM = "not sent: a plain form can't say that a family took her message back; please tell the study team"


# A server in front of the form says so too when the form had its fields already and only its answer was lost.
_AFTER_THE_FORM = (408, 503)


def send(job: Job, settings: Settings, limits: Limits | None = None) -> Outcome:
    """Fill in the site's form once. Nothing is raised; ``limits`` is for tests."""
    if job.kind == Kind.WITHDRAWAL:
        return Outcome(Fate.PERSON, TELL_THEM)
    if settings.site_form_url is None:
        return Outcome(Fate.AGAIN, "not sent: no SITE_FORM_URL is set")
    try:
        fields = field_values(settings)
    except SettingsError:
        return Outcome(Fate.PERSON, "not sent: the file of SITE_FORM_FIELDS can't be used")
    body = urlencode(filled(fields, job.card)).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "prescreen"}
    answer = post(settings.site_form_url, body, headers, limits)
    return answer if isinstance(answer, Outcome) else _judged(answer, settings.site_form_url)


def _judged(answer: Answer, url: str) -> Outcome:
    """After a form is filled in, sites often send the browser on to a page that says thank you."""
    status = answer.status
    if status in _AFTER_THE_FORM:
        return Outcome(Fate.UNKNOWN, f"maybe taken (HTTP {status})", status)
    if not 300 <= status < 400 or status in (307, 308):
        return judged(answer)
    if answer.location is not None and same_place(url, answer.location):
        return Outcome(Fate.TAKEN, f"taken (HTTP {status})", status)
    return Outcome(Fate.UNKNOWN, f"sent on to another place (HTTP {status}): it may have been taken", status)
