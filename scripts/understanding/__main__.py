"""The command: reads the set, lets all of them understand it, and prints the table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from criteria import load_trial
from scripts.telling import Teller

from . import diet, keywords, ours, phrases
from .messages import EVALUATION, BadMessage, read_messages
from .scoring import Count, Score, score


def main() -> int:
    """Run the command; 2 for a set that cannot be read, 1 where Rasa failed."""
    arguments = _parser().parse_args()
    out, tell = Console(width=150 if not sys.stdout.isatty() else None, highlight=False), Teller()
    try:
        messages = read_messages(arguments.files or sorted(EVALUATION.glob("*.jsonl")))
    except (BadMessage, OSError) as error:
        print(f"The messages cannot be read: {error}", file=sys.stderr)
        return 2
    trial = load_trial("NCT06848582")
    scores: dict[str, Score] = {}
    with tell.step(f"Understanding {len(messages)} messages"):
        scores[ours.TITLE] = score(messages, [ours.understand_ours(one) for one in messages], trial)
    if not arguments.ours:
        with tell.step("The same by keywords and dateparser"):
            scores[keywords.TITLE] = score(
                messages, [keywords.understand_by_keywords(one) for one in messages], trial
            )
        with tell.step("The same by Rasa DIET (trained on first use: some minutes)"):
            try:
                scores[diet.TITLE] = score(messages, diet.understand_by_diet(messages), trial)
            except diet.DietError as error:
                print(error, file=sys.stderr)
                return 1
    out.print(_table(scores))
    for title, result in scores.items():
        out.print(
            f"{title}: {result.exact} of {result.messages} messages exactly "
            f"({100 * result.exact / result.messages:.1f} in 100), {len(result.rule_outs)} wrong rule-outs"
        )
    if arguments.mistakes is not None:
        _print_mistakes(scores[ours.TITLE], set(filter(None, arguments.mistakes.split(","))))
    if not arguments.ours:
        with tell.step("Timing"):
            typical, longest = ours.speed(messages)
        out.print(
            f"Time: {typical:.2f} ms a message (median), {longest:.1f} ms for {ours.LONGEST:,} characters"
        )
        _print_phrases(out)
    return 0


def _print_phrases(out: Console) -> None:
    """Tell of the phrases from elsewhere, where they are at hand."""
    if not phrases.DATA.is_dir():
        out.print(f"Times from elsewhere: not at hand ({phrases.DATA.name} beside the repository, see docs)")
        return
    result = phrases.report()
    out.print(f"Times from elsewhere: {result.right} of {result.selected} ({100 * result.share:.1f} in 100)")
    for reason, count in result.left_out.most_common():
        out.print(f"    left out: {count} {reason}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make understanding", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="JSON lines; without any, the project's own set")
    parser.add_argument("--ours", action="store_true", help="only this program, without baselines and times")
    parser.add_argument(
        "--mistakes",
        nargs="?",
        const="",
        metavar="FACT,...",
        help="print what this program got wrong (of these facts)",
    )
    return parser


def _table(scores: dict[str, Score]) -> Table:
    table = Table(
        title="Facts understood: precision, recall, F1, wrong rule-outs (a wrong fact that alone turns "
        "the verdict to not likely or not yet)"
    )
    table.add_column("fact")
    table.add_column("told", justify="right")
    for title in scores:
        for column in (f"{title}\nP", "R", "F1", "out"):
            table.add_column(column, justify="right")
    first = next(iter(scores.values()))
    for name, count in first.facts.items():
        if any(result.facts[name].told or result.facts[name].wrong for result in scores.values()):
            table.add_row(name, str(count.told), *_cells([result.facts[name] for result in scores.values()]))
    table.add_section()
    totals = [result.all_facts for result in scores.values()]
    table.add_row("all facts", str(totals[0].told), *_cells(totals))
    return table


def _cells(counts: Sequence[Count]) -> list[str]:
    return [
        cell
        for count in counts
        for cell in (
            _share(count.precision),
            _share(count.recall),
            _share(count.f1),
            str(count.rule_outs or "·"),
        )
    ]


def _share(value: float | None) -> str:
    return "·" if value is None else f"{value:.3f}"


def _print_mistakes(result: Score, only: set[str]) -> None:
    """Print each message that was not understood exactly; `only` some facts, or all where it is empty."""
    ruled_out = {(message.id, name) for message, name in result.rule_outs}
    for message, facts in result.mistakes:
        differ = [name for name in {**message.facts, **facts} if message.facts.get(name) != facts.get(name)]
        if only and only.isdisjoint(differ):
            continue
        print(f"\n{message.id} {f'[{message.asked}] ' if message.asked else ''}{message.text}")
        for name in differ:
            told, understood = json.dumps(message.facts.get(name)), json.dumps(facts.get(name))
            mark = "  RULES OUT" if (message.id, name) in ruled_out else ""
            print(f"    {name}: told {told}, understood {understood}{mark}")


if __name__ == "__main__":
    sys.exit(main())
