"""A lead or a withdrawal as a signed call, after the Standard Webhooks convention, in JSON or as FHIR.

``webhook-id`` stays the same over all tries, so that a site whose answer got lost can tell a repeat from a
second lead.
"""

import json
from typing import Any

from standardwebhooks import Webhook

from bot.leads import fhir
from bot.leads.clock import now
from bot.leads.message import site_message, withdrawal_message
from bot.leads.outbox.calling import Answer, Limits, post
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Fate, Job, Outcome
from bot.settings import Settings
from bot.texts import load_texts

# The site says itself that it did not take it in, and that another time it may.
_LATER = (408, 425, 429, 503)


def send(job: Job, settings: Settings, limits: Limits | None = None) -> Outcome:
    """Call the site's form with one message. Nothing is raised; ``limits`` is for tests."""
    if settings.site_form_url is None:
        return Outcome(Fate.AGAIN, "not sent: no SITE_FORM_URL is set")
    kind, content = _content(job, settings)
    body = json.dumps(content, ensure_ascii=False)
    headers = {"Content-Type": kind, "User-Agent": "prescreen"} | _convention(job, body, settings)
    answer = post(settings.site_form_url, body.encode(), headers, limits)
    return answer if isinstance(answer, Outcome) else judged(answer)


def judged(answer: Answer) -> Outcome:
    """What an answer's status means for the message."""
    status, fate = answer.status, Fate.PERSON
    if 200 <= status < 300:
        return Outcome(Fate.TAKEN, f"taken (HTTP {status})", status)
    if status in _LATER:
        fate = Fate.AGAIN
    elif status < 300 or status >= 500:
        # It broke off in the middle of its work, or something between us and it gave up waiting.
        fate = Fate.UNKNOWN
    return Outcome(fate, f"not taken (HTTP {status})", status, answer.retry_after)


def _content(job: Job, settings: Settings) -> tuple[str, dict[str, Any]]:
    withdrawn = job.kind == Kind.WITHDRAWAL
    if settings.site_form_kind == "fhir":
        resource = (fhir.withdrawal if withdrawn else fhir.bundle)(job.card, settings)
        return "application/fhir+json; charset=utf-8", resource
    message = withdrawal_message(job.card) if withdrawn else site_message(job.card, load_texts("en"))
    return "application/json; charset=utf-8", message


def _convention(job: Job, body: str, settings: Settings) -> dict[str, str]:
    moment = now()
    headers = {"webhook-id": job.webhook_id, "webhook-timestamp": str(int(moment.timestamp()))}
    if settings.site_webhook_secret is not None:
        signer = Webhook(settings.site_webhook_secret.get_secret_value())
        headers["webhook-signature"] = signer.sign(job.webhook_id, moment, body)
    return headers
