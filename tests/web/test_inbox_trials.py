"""Reviewing trials in the inbox: who may, what stands there, and that nobody undoes what another decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.leads.audit import newest_deeds
from criteria.loading import TRIALS, read_trial
from tests.criteria.checking.trials import AGE, criterion, trial_file

TRIAL = "/trials/NCT00000001"
DRAFT = "    draft: {words: ≤ 18 years, reader: a reader}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "trials"
    folder.mkdir()
    trial_file(
        folder, AGE + DRAFT + AGE.replace("I1", "I2") + criterion("E1", "Words."), "unclear: [I1 is odd]\n"
    )
    # The page about the study, which is none of this, needs the trial in use.
    (folder / "NCT06848582.yml").write_bytes((TRIALS / "NCT06848582.yml").read_bytes())
    return folder / "NCT00000001.yml"


@pytest.fixture
def web(open_web: Callable[..., TestClient], path: Path) -> TestClient:
    return open_web(TRIALS_FOLDER=str(path.parent), PRESCREEN_TODAY="2026-11-30")


@pytest.fixture
def boss(open_inbox: Callable[..., Any]) -> Any:
    return open_inbox("cleo", "administrator")


def seen(boss: Any, id_: str) -> str:
    """The fingerprint that the page sends along with decisions about a criterion."""
    section = boss.get(TRIAL).text.split(f'<h2 id="{id_}">')[1]
    found = re.search(r'name="seen" value="(\w+)"', section)
    assert found is not None
    return found.group(1)


def text_of(boss: Any, id_: str) -> str:
    section = boss.read(TRIAL).split(f'id="text-{id_}"')[1]
    return section.split(">\n", 1)[1].split("</textarea>")[0]


def test_coordinators_neither_see_nor_decide(boss: Any, inbox: Any, path: Path) -> None:
    before = path.read_bytes()
    for page in ("/trials", TRIAL):
        assert inbox.get(page).status_code == 403
    for decision in ("accept", "leave", "change"):
        assert inbox.post(f"{TRIAL}/I1/{decision}", seen=seen(boss, "I1")).status_code == 403
    assert 'href="/inbox/trials"' not in inbox.read()
    assert 'href="/inbox/trials"' in boss.read()
    assert path.read_bytes() == before


def test_nobody_gets_in_without_log_in_or_token(web: TestClient, boss: Any, path: Path) -> None:
    before = path.read_bytes()
    assert web.get(f"/inbox{TRIAL}").headers["location"] == "/inbox/login"
    fields = {"csrf": "made up", "seen": seen(boss, "I1")}
    assert boss.client.post(f"/inbox{TRIAL}/I1/accept", data=fields).status_code == 403
    assert path.read_bytes() == before


def test_the_list_says_how_far_each_review_has_come(boss: Any, path: Path) -> None:
    (path.parent / "NCT00000002.yml").write_text("id: NCT00000002\n", encoding="utf-8")
    text = boss.read("/trials")
    row = text.split('href="/inbox/trials/NCT00000001"')[1].split("</tr>")[0]
    assert re.findall(r">(\d+)</td>", row) == ["1", "0", "1", "0", "1"]
    assert "This file can't be used. NCT00000002.yml, line 1: missing" in text
    assert "counts from the next message" in text
    assert boss.get("/trials/NCT00000002").status_code == 409


def test_the_source_stands_beside_the_reading(boss: Any) -> None:
    text = boss.read(TRIAL)
    for said in (
        "Age <mark>≤ 18 years</mark>.",
        "Read by a reader: nobody has accepted it yet",
        "This study is for people up to age 18.",
        "Left to the study team: The study team decides.",
        "counts from the next message",
        "I1 is odd",
    ):
        assert said in text, said
    for id_ in ("I1", "I2", "E1"):
        assert f'<label for="text-{id_}">' in text
        assert f'aria-labelledby="{id_}"' in text


def test_accepting_writes_who_and_when(boss: Any, path: Path) -> None:
    done = boss.post(f"{TRIAL}/I1/accept", seen=seen(boss, "I1"))
    assert done.headers["location"] == "/inbox/trials/NCT00000001?done=I1#I1"
    accepted = read_trial(path).criterion("I1")
    assert accepted.draft is None
    assert accepted.reviewed is not None
    assert (accepted.reviewed.by, str(accepted.reviewed.on)) == ("cleo", "2026-11-30")
    text = boss.read(f"{TRIAL}?done=I1")
    assert "I1: it is done." in text
    assert "Accepted by cleo on 2026-11-30." in text
    assert "is done" not in boss.read(f"{TRIAL}?done=made-up")
    deed = newest_deeds(1)[0][0]
    assert (deed.who, deed.action, deed.detail) == ("cleo", "accepted criterion", "NCT00000001 I1")


def test_leaving_takes_the_rule_away_and_keeps_the_reason(boss: Any, path: Path) -> None:
    without = boss.post(f"{TRIAL}/I2/leave", seen=seen(boss, "I2"), reason=" ")
    assert without.status_code == 409
    assert "needs a reason" in without.text
    assert (
        boss.post(f"{TRIAL}/I2/leave", seen=seen(boss, "I2"), reason="It needs a chart.").status_code == 303
    )
    left = read_trial(path).criterion("I2")
    assert (left.rule, left.why_not_asked) == (None, "It needs a chart.")


def test_a_change_is_kept_with_the_line_ends_of_a_browser(boss: Any, path: Path) -> None:
    text = text_of(boss, "I2").replace("family: the age", "family: how old {they} {are}")
    assert "how old" in text
    done = boss.post(f"{TRIAL}/I2/change", seen=seen(boss, "I2"), text=text.replace("\n", "\r\n"))
    assert done.status_code == 303
    assert read_trial(path).criterion("I2").family == "how old {they} {are}"
    assert b"\r" not in path.read_bytes()


def test_a_wrong_text_stays_in_its_box_with_the_line_that_is_wrong(boss: Any, path: Path) -> None:
    before = path.read_bytes()
    text = text_of(boss, "I2").replace("family: the age", "famly: the age")
    refused = boss.post(f"{TRIAL}/I2/change", seen=seen(boss, "I2"), text=text)
    assert refused.status_code == 409
    assert "I2: nothing was changed. Line 3 of the text: unknown key" in refused.text
    assert "famly: the age" in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert path.read_bytes() == before


def test_what_must_be_put_right_has_no_button_to_accept_it(boss: Any, path: Path) -> None:
    raw = path.read_text(encoding="utf-8").replace("family: the age", "family: whether you are eligible", 1)
    path.write_text(raw, encoding="utf-8")
    text = boss.read(TRIAL)
    assert "To put right before it can be accepted, line 3 of its text" in text
    assert f'action="/inbox{TRIAL}/I1/accept"' not in text
    assert f'action="/inbox{TRIAL}/I2/accept"' in text
    assert boss.post(f"{TRIAL}/I1/accept", seen=seen(boss, "I1")).status_code == 409
    assert read_trial(path).criterion("I1").reviewed is None


def test_of_two_reviewers_the_second_is_told_and_sees_what_is_there(
    boss: Any, open_inbox: Callable[..., Any], path: Path
) -> None:
    other, stale = open_inbox("dan", "administrator"), seen(boss, "I1")
    assert other.post(f"{TRIAL}/I1/accept", seen=stale).status_code == 303
    for decision in ("accept", "leave", "change"):
        refused = boss.post(f"{TRIAL}/I1/{decision}", seen=stale, reason="Because.", text="- id: I1")
        assert refused.status_code == 409
        assert "somebody else changed I1 while you looked at it" in refused.text
        assert "Accepted by dan on 2026-11-30." in refused.text
    assert boss.post(f"{TRIAL}/I1/accept").status_code == 409
    review = read_trial(path).criterion("I1").reviewed
    assert review is not None
    assert review.by == "dan"


@pytest.mark.parametrize(
    "page",
    [
        "/trials/NCT00000009/I1/accept",
        f"{TRIAL}/I9/accept",
        f"{TRIAL}/I1/erase",
        "/trials/..%2FNCT00000001/I1/accept",
    ],
)
def test_what_is_not_there_can_not_be_decided(boss: Any, page: str) -> None:
    assert boss.post(page, seen="x").status_code == 404


def test_a_file_that_broke_meanwhile_is_told(boss: Any, path: Path) -> None:
    path.write_text("id: NCT00000001\n", encoding="utf-8")
    refused = boss.post(f"{TRIAL}/I1/accept", seen="x")
    assert refused.status_code == 409
    assert "be used" in refused.text


def test_the_first_trials_page_can_be_read(boss: Any) -> None:
    text = boss.read("/trials/NCT06848582")
    assert text.count("<textarea") == 38
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
