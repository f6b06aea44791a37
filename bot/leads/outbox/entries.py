"""Putting messages into the outbox, inside the transaction that makes them necessary."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.leads.keys import seal
from bot.leads.models import Delivery
from bot.leads.outbox.kinds import Kind, State


def new_delivery(kind: Kind, moment: datetime, payload: Mapping[str, Any] | None = None) -> Delivery:
    """A message that is due at once, under an id that stays the same over all tries.

    Append it to the ``deliveries`` of a lead or a sign-up, in the transaction that stores what it is about.
    ``payload`` is what this message alone says; it is stored encrypted.
    """
    return Delivery(
        kind=kind,
        webhook_id=f"msg_{secrets.token_hex(16)}",
        payload_sealed=seal(dict(payload)) if payload else None,
        state=State.WAITING,
        created=moment,
        next_attempt=moment,
    )
