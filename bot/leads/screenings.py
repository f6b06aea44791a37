"""Keeping the latest verdict of each chat, so that the contact form can send it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.models import Screening


def session_hash(session_id: str) -> str:
    """What screenings are stored under instead of the session id."""
    return hashlib.sha256(session_id.encode()).hexdigest()


def save_screening(session_id: str, screening: Mapping[str, Any], store: Store | None = None) -> None:
    """Keep a screening as the latest of its chat, in place of an earlier one.

    ``screening`` holds trial, trial_version, text_version, language, today, facts, verdict, until, findings
    and respondent, as the interview gives it: JSON values only.
    """
    moment = now()
    with (store or open_store()).session() as session:
        kept = session.get(Screening, session_hash(session_id))
        if kept is None:
            kept = Screening(session_hash=session_hash(session_id), created=moment)
            session.add(kept)
        kept.trial = str(screening["trial"])
        kept.verdict = str(screening["verdict"])
        content = json.loads(json.dumps(dict(screening)))
        if kept.content != content:
            kept.content, kept.sent_reference, kept.sent = content, None, None
        kept.updated = moment


def discard_screening(session_id: str, store: Store | None = None) -> None:
    """Forget the screening of a chat: its answers were changed, and no new verdict is told yet."""
    with (store or open_store()).session() as session:
        kept = session.get(Screening, session_hash(session_id))
        if kept is not None:
            session.delete(kept)


def screening_for(session_id: str, store: Store | None = None) -> dict[str, Any] | None:
    """The latest screening of a chat, or None before the first verdict and after erasing."""
    with (store or open_store()).session() as session:
        kept = session.get(Screening, session_hash(session_id))
        return dict(kept.content) if kept is not None else None


def sent_reference_for(session_id: str, store: Store | None = None) -> str | None:
    """The reference under which a chat's latest screening was sent already, if it was."""
    with (store or open_store()).session() as session:
        kept = session.get(Screening, session_hash(session_id))
        return kept.sent_reference if kept is not None else None


def sent_references_for(session_id: str, store: Store | None = None) -> dict[str, str]:
    """Under which reference a chat's latest screening was sent already, by trial."""
    with (store or open_store()).session() as session:
        kept = session.get(Screening, session_hash(session_id))
        if kept is None or kept.sent_reference is None:
            return {}
        # What was sent by a version that knew one trial alone has no table.
        return dict(kept.sent or {kept.trial: kept.sent_reference})


def screening_mark(screening: Mapping[str, Any]) -> str:
    """A short fingerprint of a screening: what a family read back is what is sent, or she is asked again."""
    return hashlib.sha256(json.dumps(screening, sort_keys=True).encode()).hexdigest()[:16]
