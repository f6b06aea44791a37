"""A reminder as an iCalendar file (RFC 5545): one day, and nothing in it that tells of an illness."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from bot.leads.results import results_of
from bot.texts import Texts

_PRODUCT = "-//Reminder//EN"
# Counted from the midnight with which the day begins.
_RINGS_AT = timedelta(hours=9)


def reminder_day(screening: Mapping[str, Any] | None) -> date | None:
    """The first day on which a screening may change; None where there is no such day."""
    if screening is None:
        return None
    days = [result["until"] for result in results_of(screening) if result["verdict"] == "not_yet"]
    return min((date.fromisoformat(day) for day in days if day), default=None)


def reminder(day: date, at: datetime, texts: Texts) -> bytes:
    """The file for an entry on this day, made at this moment.

    A calendar may be shared with others, and a reminder stands on a locked phone: neither title nor text
    names an illness, a study or a site. The text holds the sentence against stopping a treatment.
    """
    title = texts.say("after.reminder.title")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", _RINGS_AT)
    entry = Event()
    entry.add("uid", str(uuid.uuid4()))
    entry.add("dtstamp", at)
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("summary", title)
    entry.add(
        "description",
        f"{texts.say('after.reminder.text')}\n\n{texts.say('web.verdict.keep_treatment')}",
    )
    entry.add("class", "PRIVATE")
    # It takes no time away from anybody's day.
    entry.add("transp", "TRANSPARENT")
    entry.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
