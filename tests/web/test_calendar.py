"""The reminder, read by the rules of RFC 5545: lines, folding, escapes, what must be there; no illness."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.leads.screenings import save_screening
from bot.texts import load_texts
from bot.web.reminder import reminder, reminder_day
from tests.interview.verdict_families import screening_of
from tests.web.after_ways import open_hub, press

DAY = date(2026, 12, 31)
AT = datetime(2026, 11, 22, 13, 5, 9, tzinfo=UTC)
KEEP = "Please do not stop, skip or delay any medicine or treatment because of this. Talk with"


def content_lines(data: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Name, parameters and value of each content line, by section 3.1; anything else fails."""
    assert data.endswith(b"\r\n")
    physical = data.split(b"\r\n")[:-1]
    assert all(b"\r" not in line and b"\n" not in line for line in physical)
    assert max(len(line) for line in physical) <= 75
    # A fold is a line break and one blank. It may stand in the middle of a letter's bytes.
    logical = re.sub(rb"\r\n[ \t]", b"", data).decode("utf-8").split("\r\n")[:-1]
    found = []
    for line in logical:
        head, colon, value = line.partition(":")
        assert colon, line
        name, *parameters = head.split(";")
        assert re.fullmatch(r"[A-Z-]+", name), line
        found.append((name, dict(one.split("=", 1) for one in parameters), value))
    return found


def unescaped(value: str) -> str:
    """A TEXT value by section 3.3.11."""
    return re.sub(r"\\(.)", lambda one: "\n" if one[1] in "nN" else one[1], value)


def parts(data: bytes) -> dict[str, dict[str, tuple[dict[str, str], str]]]:
    """The properties of each component. Components must be nested and closed in order."""
    opened: list[str] = []
    found: dict[str, dict[str, tuple[dict[str, str], str]]] = {}
    for name, parameters, value in content_lines(data):
        if name == "BEGIN":
            opened.append(value)
            assert value not in found, "one of each"
            found[value] = {}
        elif name == "END":
            assert opened.pop() == value
        else:
            assert name not in found[opened[-1]], f"{name} stands twice"
            found[opened[-1]][name] = (parameters, value)
    assert opened == []
    return found


@pytest.fixture
def data() -> bytes:
    return reminder(DAY, AT, load_texts("en"))


def test_it_is_one_day_by_the_rules(data: bytes) -> None:
    found = parts(data)
    assert list(found) == ["VCALENDAR", "VEVENT", "VALARM"]
    assert found["VCALENDAR"].keys() >= {"PRODID", "VERSION"}
    assert found["VCALENDAR"]["VERSION"][1] == "2.0"
    event = found["VEVENT"]
    assert event["DTSTAMP"] == ({}, "20261122T130509Z")
    assert event["DTSTART"] == ({"VALUE": "DATE"}, "20261231")
    # The end is not part of it: the day after, in the next year.
    assert event["DTEND"] == ({"VALUE": "DATE"}, "20270101")
    assert re.fullmatch(r"[0-9a-f-]{36}", event["UID"][1])
    assert (event["CLASS"][1], event["TRANSP"][1]) == ("PRIVATE", "TRANSPARENT")
    alarm = found["VALARM"]
    assert (alarm["ACTION"][1], alarm["TRIGGER"][1]) == ("DISPLAY", "PT9H")
    assert alarm["DESCRIPTION"][1] == event["SUMMARY"][1]


def test_its_words_name_no_illness_and_hold_the_sentence(data: bytes) -> None:
    event = parts(data)["VEVENT"]
    assert unescaped(event["SUMMARY"][1]) == "Reminder: look at your notes"
    text = unescaped(event["DESCRIPTION"][1])
    assert KEEP in text
    assert "go back to the web page" in text
    said = data.decode().lower().replace("\r\n ", "")
    for word in (
        "cancer",
        "sarcoma",
        "tumor",
        "study",
        "trial",
        "nct",
        "hospital",
        "clinic",
        "chemo",
        "prescreen",
    ):
        assert word not in said, word


def test_long_lines_in_other_letters_are_folded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = load_texts("en")
    long = "Erinnerung: übermäßig, sehr; lang\\ 提醒 " * 20
    monkeypatch.setattr(texts, "say", lambda key: long)
    found = parts(reminder(DAY, AT, texts))
    assert unescaped(found["VEVENT"]["SUMMARY"][1]) == long


def test_no_two_entries_have_the_same_id() -> None:
    texts = load_texts("en")
    ids = [parts(reminder(DAY, AT, texts))["VEVENT"]["UID"][1] for _ in range(5)]
    assert all(one != other for one, other in pairwise(sorted(ids)))


@pytest.mark.parametrize("days", [0, 28, 365])
def test_every_day_of_the_calendar_can_be_one(days: int) -> None:
    day = date(2028, 2, 1) + timedelta(days=days)
    event = parts(reminder(day, AT, load_texts("en")))["VEVENT"]
    assert event["DTSTART"][1] == f"{day:%Y%m%d}"
    assert event["DTEND"][1] == f"{day + timedelta(days=1):%Y%m%d}"


@pytest.mark.parametrize(
    ("changed", "day"),
    [
        ({}, date(2026, 12, 13)),
        ({"until": None}, None),
        ({"verdict": "possible"}, None),
        ({"verdict": "not_likely"}, None),
    ],
)
def test_only_not_yet_with_a_day_has_one(changed: dict[str, Any], day: date | None) -> None:
    assert reminder_day(screening_of("not_yet") | changed) == day
    assert reminder_day(None) is None


def test_the_page_gives_it_as_a_file(
    open_web: Callable[..., TestClient], session: str, session_id: str
) -> None:
    web = open_web(SITE_NAME="Hill Hospital", PUBLIC_URL="https://hill.example")
    save_screening(session_id, screening_of("not_yet"))
    got = press(web, open_hub(web, session), "/after/calendar")
    assert got.status_code == 200
    assert got.headers["content-type"] == "text/calendar; charset=utf-8"
    assert got.headers["content-disposition"] == 'attachment; filename="reminder.ics"'
    assert got.headers["cache-control"] == "no-store"
    event = parts(got.content)["VEVENT"]
    assert event["DTSTART"][1] == "20261213"
    assert session not in got.text
    assert "hill" not in got.text.lower()
