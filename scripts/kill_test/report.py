"""Comparing what families were told with what is stored, and with what the site counted."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from bot.leads.database import Store
from bot.leads.models import Attempt, Delivery, Lead
from bot.leads.outbox.kinds import Kind, State
from scripts.kill_test.families import Told


@dataclass
class Report:
    """The figures of one run. ``failures`` is empty where nothing was lost and nothing counted twice."""

    database: str
    leads: int
    kills: dict[str, int]
    told: int
    stored: int
    delivered: int
    received: int
    counted_naively: int
    counted: int
    cut_off: int
    site_deaths: int
    broken_answers: int
    refused_answers: int
    died_in_a_try: int
    lost: int
    doubled: int
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The figures in words."""
        kills = ", ".join(f"{number:,} of {who}" for who, number in self.kills.items())
        return [
            f"  {self.database}",
            f"    leads that families were told were sent  {self.told:>8,}",
            f"    leads stored                             {self.stored:>8,}",
            f"    leads delivered                          {self.delivered:>8,}",
            f"    kills                                    {sum(self.kills.values()):>8,}  ({kills})",
            f"    tries that a killed worker left behind   {self.died_in_a_try:>8,}",
            f"    answers that families never got          {self.broken_answers:>8,}",
            f"    answers that told them to press again    {self.refused_answers:>8,}",
            f"    messages that reached the site           {self.received:>8,}",
            f"    messages cut off in the middle by a kill {self.cut_off:>8,}",
            f"    times that the site died                 {self.site_deaths:>8,}",
            f"    counted by a site that counts each one   {self.counted_naively:>8,}",
            f"    counted by a site that honours its id    {self.counted:>8,}",
            f"    lost                                     {self.lost:>8,}",
            f"    counted twice                            {self.doubled:>8,}",
            f"    minutes                                  {self.seconds / 60:>8.1f}",
            *(f"    WRONG: {failure}" for failure in self.failures[:20]),
        ]


def read_journal(journal: Path) -> list[dict[str, object]]:
    """What the site noted, in order."""
    return [json.loads(line) for line in journal.read_text().splitlines()]


def not_delivered(store: Store) -> int:
    """How many leads the outbox does not hold for delivered."""
    with store.session() as session:
        return (
            session.scalar(
                select(func.count())
                .select_from(Delivery)
                .where(Delivery.kind == Kind.LEAD, Delivery.state != State.DELIVERED)
            )
            or 0
        )


def compare(
    database: str, leads: int, kills: Mapping[str, int], told: Told, store: Store, journal: Path
) -> Report:
    """The figures, and every way in which they don't fit together."""
    notes = read_journal(journal)
    counted = [note for note in notes if note["counted"]]
    ids_of = defaultdict(set)
    bodies_of = defaultdict(set)
    ways = Counter(str(note["way"]) for note in notes)
    for note in notes:
        if note["id"]:
            bodies_of[note["id"]].add(note["body"])
    for note in counted:
        ids_of[note["reference"]].add(note["id"])
    with store.session() as session:
        rows = session.execute(
            select(Lead.reference, Delivery.webhook_id, Delivery.state)
            .join(Delivery)
            .where(Delivery.kind == Kind.LEAD)
        ).all()
        leads_stored = session.scalar(select(func.count()).select_from(Lead)) or 0
        died = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.ended.is_(None))) or 0
    state_of = {row.reference: row.state for row in rows}
    sent = set(told.references.values())
    lost = {reference for reference in sent if reference not in state_of or reference not in ids_of}
    doubled = [reference for reference, ids in ids_of.items() if len(ids) > 1]

    failures = list(told.wrong)
    failures += [f"{reference} was told to be sent and is not stored" for reference in sent - state_of.keys()]
    failures += [f"{reference} was told to be sent and never came" for reference in lost & state_of.keys()]
    failures += [f"{reference} came under two ids" for reference in doubled]
    failures += [
        f"{reference} is {state}" for reference, state in state_of.items() if state != State.DELIVERED
    ]
    if len(sent) != len(told.references) or len(told.references) != leads:
        failures.append(f"{leads} families, {len(told.references)} told, {len(sent)} references")
    if leads_stored != leads or len(rows) != leads:
        failures.append(f"{leads} families made {leads_stored} leads with {len(rows)} deliveries")
    failures += [
        f"{ident} changed its words between tries" for ident, all_ in bodies_of.items() if len(all_) > 1
    ]
    if ways["unsigned"]:
        failures.append(f"{ways['unsigned']} messages were not signed as they should be")
    strangers = {note["id"] for note in counted} - {row.webhook_id for row in rows}
    if strangers:
        failures.append(f"{len(strangers)} messages came that the store knows nothing of")
    return Report(
        database=database,
        leads=leads,
        kills=dict(kills),
        told=len(told.references),
        stored=leads_stored,
        delivered=sum(state == State.DELIVERED for state in state_of.values()),
        received=len(notes) - ways["broke off"],
        counted_naively=len(counted),
        counted=len({note["id"] for note in counted}),
        cut_off=ways["broke off"],
        site_deaths=sum(number for way, number in ways.items() if "dies" in way),
        broken_answers=told.broken,
        refused_answers=told.refused,
        died_in_a_try=died,
        lost=len(lost),
        doubled=len(doubled) + max(0, leads_stored - leads),
        failures=failures,
    )
