"""``prescreen check``: what it prints, and that bad input prints nothing but a clear error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.commands.check import check_command
from criteria import trial_names
from tests.criteria.oracle import IDS
from tests.criteria.strategies import FITTING

APP = typer.Typer()
APP.command()(check_command)
FIT = {"facts": FITTING}


def check(given: str | bytes, *options: str) -> Result:
    arguments = ["--trial", "NCT06848582", "--today", "2026-11-22", *options, "-"]
    return CliRunner().invoke(APP, arguments, input=given)


def results(given: str | bytes, *options: str) -> list[dict[str, Any]]:
    outcome = check(given, *options)
    assert outcome.exit_code == 0, outcome.stderr
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def test_one_result_a_line_with_all_criteria_in_order() -> None:
    steroids = {**FITTING, "steroids": {"had": "yes", "last": ["2026-11-20", "2026-11-21"]}}
    first, second = results(f"{json.dumps(FIT)}\n\n{json.dumps({'id': 'b', 'facts': steroids})}\n")
    assert list(first) == ["verdict", "until", "findings"]
    assert (first["verdict"], first["until"]) == ("likely", None)
    assert list(second) == ["id", "verdict", "until", "findings"]
    assert (second["id"], second["verdict"], second["until"]) == ("b", "not_yet", "2026-12-05")
    assert tuple(second["findings"]) == IDS
    assert second["findings"]["E16"]["until"] == "2026-12-05"
    for found in second["findings"].values():
        assert list(found) == ["finding", "until", "reason"]
        assert found["reason"]


@pytest.mark.parametrize("told_id", [0, "", None, "a", [1, {"b": 2}], 1.5])
def test_the_id_is_echoed_whatever_it_is(told_id: Any) -> None:
    assert results(json.dumps({"id": told_id, "facts": {}}))[0]["id"] == told_id


def test_a_half_character_in_an_id_is_echoed_as_json() -> None:
    outcome = check('{"id": "\\ud800", "facts": {}}')
    assert outcome.exit_code == 0
    assert outcome.stdout.startswith('{"id":"\\ud800",')


def test_one_object_may_span_lines(tmp_path: Path) -> None:
    pretty = json.dumps(FIT, indent=2)
    assert results(pretty) == results(json.dumps(FIT))
    assert results('{\n"facts":\n{}\n}\n')[0]["verdict"] == "possible"
    file = tmp_path / "facts.json"
    file.write_text("\ufeff" + pretty + "\r\n", encoding="utf-8")
    outcome = CliRunner().invoke(APP, ["--trial", "NCT06848582", "--today", "2026-11-22", str(file)])
    assert outcome.exit_code == 0, outcome.stderr
    assert json.loads(outcome.stdout)["verdict"] == "likely"


def test_a_line_may_hold_the_line_ends_of_unicode() -> None:
    assert results('{"id": "a\u2028b", "facts": {}}')[0]["id"] == "a\u2028b"


def test_a_lines_own_today_counts() -> None:
    facts = {**FITTING, "steroids": {"had": "yes", "last": ["2026-11-20", "2026-11-21"]}}
    lines = [json.dumps({"facts": facts}), json.dumps({"today": "2026-12-05", "facts": facts})]
    assert [result["verdict"] for result in results("\n".join(lines))] == ["not_yet", "likely"]


def test_today_is_the_sites_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.settings import get_settings

    monkeypatch.setenv("PRESCREEN_TODAY", "2026-11-23")
    get_settings.cache_clear()
    told = {"facts": {"steroids": {"had": "yes", "last": ["2026-11-09", "2026-11-09"]}}}
    try:
        outcome = CliRunner().invoke(APP, ["--trial", "NCT06848582", "-"], input=json.dumps(told))
    finally:
        get_settings.cache_clear()
    assert json.loads(outcome.stdout)["findings"]["E16"]["finding"] == "met"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ('{"facts": {"colour": "red"}}', "line 2: unknown fact 'colour'"),
        ('{"facts": {"age": {"months": [9, 8]}}}', "line 2: age.months: the least, 9"),
        ('{"facts": {"steroids": {"had": "yes", "last": ["2027-01-01", "2027-01-02"]}}}', "is after today"),
        ('{"facts": {}, "name": "x"}', "line 2: unknown key 'name'; allowed: id, today, facts"),
        ('{"id": 1}', "line 2: 'facts' is missing"),
        ('{"facts": "not_sure"}', "line 2: facts must be an object"),
        ('{"facts": {}, "facts": {}}', "line 2: the key 'facts' stands twice"),
        ('{"facts": {"gvhd": "no", "gvhd": "yes"}}', "line 2: the key 'gvhd' stands twice"),
        ('{"facts": {}, "id": NaN}', "line 2: NaN is not JSON"),
        ('{"facts": {}, "id": -Infinity}', "line 2: -Infinity is not JSON"),
        ('{"facts": {}, "id": 1e999}', "line 2: the number 1e999 is too large"),
        ('{"facts": {}, "id": ' + "9" * 5000 + "}", "line 2: a number of more than 100 digits"),
        ('{"facts": {}, "id": ' + "[" * 100_000, "line 2: this is nested too deep"),
        ('{"facts": {}', "line 2: this is not JSON"),
        ("nonsense", "line 2: this is not JSON"),
        ("[]", 'line 2: expected an object such as {"facts"'),
        ('{"facts": {}, "today": "tomorrow"}', "line 2: today: 'tomorrow' is not a day as YYYY-MM-DD"),
        ('{"facts": {}, "today": null}', "line 2: today: None is not a day"),
        ('{"facts": {}, "today": "2026-02-29"}', "line 2: today: '2026-02-29' is not a day"),
        ('{"facts": {}, "today": "9999-12-31"}', "line 2: today: '9999-12-31' is not a day"),
    ],
)
def test_one_bad_line_prints_no_result(bad: str, words: str) -> None:
    outcome = check(f"{json.dumps(FIT)}\n{bad}\n{json.dumps(FIT)}\n")
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert words in outcome.stderr
    assert outcome.stderr.startswith("Error: standard input, line 2")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"", "there is nothing to check"),
        (b" \n\n", "there is nothing to check"),
        (b'{"facts": {}}\n{"facts": \xff}', "line 2: this is not text in UTF-8"),
        (b'{\n"facts": {}\n', "line 3: this is not JSON"),
        (b'{\n"facts": {},\n"facts": {}}\n', "the key 'facts' stands twice"),
        (b'oops\n{"facts": {}}\n', "line 1: this is not JSON"),
    ],
)
def test_bad_input_names_its_line(given: bytes, words: str) -> None:
    outcome = check(given)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert words in outcome.stderr


def test_bad_options_are_told(tmp_path: Path) -> None:
    for options, words in (
        (["--trial", "NCT1"], f"no trial 'NCT1'; there are: {', '.join(trial_names())}"),
        (["--today", "22.11.2026"], "--today: '22.11.2026' is not a day as YYYY-MM-DD"),
    ):
        outcome = check("{}", *options)
        assert (outcome.exit_code, outcome.stdout) == (2, "")
        assert words in outcome.stderr
    for missing in (tmp_path / "none.json", tmp_path):
        outcome = CliRunner().invoke(APP, ["--trial", "NCT06848582", "--today", "2026-11-22", str(missing)])
        assert (outcome.exit_code, outcome.stdout) == (2, "")
        assert f"{missing} cannot be read: " in outcome.stderr
