"""`prescreen understand` as the facts page shows it."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.understand import understand_command

APP = typer.Typer()
APP.command()(understand_command)
RUN = CliRunner()
DAY = ["--today", "2026-11-22"]


def test_example_of_the_facts_page() -> None:
    text = "my son is 7, his rhabdo came back in june, last chemo 3 weeks ago, no radiation"
    result = RUN.invoke(APP, [*DAY, text])
    assert result.exit_code == 0
    assert result.stdout.strip() == (
        '{"facts": {"respondent": "parent", "age": {"months": [84, 95]}, '
        '"diagnosis": {"id": "rhabdomyosarcoma", "arises_in": "soft_tissue"}, '
        '"disease_course": ["relapsed"], '
        '"chemotherapy": {"had": "yes", "last": ["2026-10-30", "2026-11-03"]}, "radiation": {"had": "no"}}}'
    )


def test_a_line_each_on_standard_input() -> None:
    result = RUN.invoke(APP, DAY, input="no radiation\n\nhe is 8\n")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"facts": {"radiation": {"had": "no"}}},
        {"facts": {}},
        {"facts": {"age": {"months": [96, 107]}}},
    ]


def test_jsonl_has_its_own_day_question_and_id() -> None:
    rows = [
        {"id": 1, "today": "2026-01-10", "asked": "chemotherapy.last", "text": "yesterday"},
        {"text": "no radiation", "lang": "en"},
    ]
    result = RUN.invoke(APP, ["--jsonl", *DAY], input="\n".join(json.dumps(row) for row in rows))
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"id": 1, "facts": {"chemotherapy": {"had": "yes", "last": ["2026-01-09", "2026-01-09"]}}},
        {"facts": {"radiation": {"had": "no"}}},
    ]


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[]",
        '{"text": 3}',
        '{"text": "a", "today": "soon"}',
        '{"text": "a", "asked": "shoe size"}',
        '{"text": "a", "x": 1}',
        '{"text": "a", "lang": "xx"}',
    ],
)
def test_bad_line_is_named_and_nothing_printed(row: str) -> None:
    result = RUN.invoke(APP, ["--jsonl", *DAY], input='{"text": "no radiation"}\n' + row + "\n")
    assert result.exit_code == 2
    assert "line 2" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("options", [["--today", "yesterday"], ["--asked", "nothing"], ["--lang", "xx"]])
def test_bad_option_is_named(options: list[str]) -> None:
    result = RUN.invoke(APP, [*options, "hello"])
    assert result.exit_code == 2
    assert options[0] in result.stderr
