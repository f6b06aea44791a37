"""`prescreen trial review`: source and reading side by side, accepted or not, criterion by criterion.

Exit codes: 0 when it was done, 1 when a decision could not be kept, 2 when trial or options can't be used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import click
import typer
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from bot.leads.reading import record
from bot.settings import Settings, get_settings
from bot.texts import Texts, load_texts
from bot.trialfiles import review
from bot.trialfiles.editing import EditError
from bot.trialfiles.review import WAITING, Reviewed, for_review
from criteria import TrialError, trial_names

_WHO = "command line"
_ASKED = "[a]ccept, [c]hange, [l]eave to the study team, [s]kip, [q]uit"


def review_command(
    trial: Annotated[str, typer.Argument(metavar="NCT", help="The trial's registry number.")],
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="ID", help="Accept this criterion as it stands.")
    ] = None,
    leave: Annotated[
        list[str] | None, typer.Option("--leave", metavar="ID", help="Leave this one to the study team.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why it is left to the study team.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who reviews; asked for if left out.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Show those that were accepted before, too.")] = False,
) -> None:
    """Review the criteria of a trial: source and reading side by side.

    With --accept or --leave nothing is asked. What is decided here counts in a running program too, from the
    next message of any family on.
    """
    settings = get_settings()
    if trial not in trial_names(settings.trials_folder):
        raise _stop(
            f"no trial {trial!r}; there are: {', '.join(trial_names(settings.trials_folder)) or 'none'}"
        )
    desk = _Desk(settings, settings.trials_folder / f"{trial}.yml", by)
    try:
        if accept or leave:
            desk.decide(accept or [], leave or [], reason)
        else:
            desk.walk(all_)
    except TrialError as error:
        raise _stop(str(error)) from None


def _stop(message: str) -> typer.Exit:
    typer.echo(f"Error: {message}", err=True)
    return typer.Exit(2)


class _Desk:
    """One reviewer at one trial file."""

    def __init__(self, settings: Settings, path: Path, by: str | None) -> None:
        self.settings = settings
        self.path = path
        self.by = by
        self.texts = load_texts("en")
        self.console = Console()

    def decide(self, accepted: list[str], left: list[str], reason: str | None) -> None:
        """The decisions of the command line, without a question. The first that can't be kept ends it."""
        if self.by is None:
            raise _stop("--accept and --leave need --by: who has reviewed it?")
        if left and not reason:
            raise _stop("--leave needs --reason.")
        try:
            for id_ in accepted:
                self.accept(id_)
            for id_ in left:
                self.leave(id_, reason or "")
        except EditError as error:
            typer.echo(f"Error: {_where(error)}", err=True)
            raise typer.Exit(1) from None

    def walk(self, everything: bool) -> None:
        """Shows one criterion after the other and asks what is to be done with it."""
        trial, found = for_review(self.path, self.texts)
        ids = [one.criterion.id for one in found if everything or one.standing in WAITING]
        typer.echo(f"{trial.id}: {len(ids)} of {len(found)} criteria to look at.")
        if ids and self.by is None:
            self.by = typer.prompt("Your name, as it will stand in the file")
        for number, id_ in enumerate(ids, 1):
            if not self._ask(id_, f"{number} of {len(ids)}"):
                return

    def _ask(self, id_: str, place: str) -> bool:
        """Asks about one criterion until something is decided; False to end the review."""
        while True:
            one = self._now(id_)
            self.console.print(_side_by_side(one, place, self.texts))
            answer = typer.prompt(_ASKED, default="s").strip().lower()[:1]
            try:
                if answer == "q":
                    return False
                if answer == "s":
                    return True
                if answer == "a":
                    self.accept(id_, one.block.seen)
                    return True
                if answer == "l":
                    self.leave(id_, typer.prompt("Why is it left to the study team?"), one.block.seen)
                    return True
                if answer == "c" and self._change(one):
                    return True
            except EditError as error:
                typer.echo(f"Nothing was changed. {_where(error)}", err=True)

    def _now(self, id_: str) -> Reviewed:
        _, found = for_review(self.path, self.texts)
        return next(one for one in found if one.criterion.id == id_)

    def _change(self, one: Reviewed) -> bool:
        """Opens the editor until the text can be kept; False where it was left as it was or given up."""
        text = one.block.text
        while True:
            edited = click.edit(text, extension=".yml")
            if edited is None or edited == one.block.text:
                typer.echo("Nothing was changed.")
                return False
            try:
                review.change(
                    self.path, one.criterion.id, edited, self.by or "", self.settings.today(), one.block.seen
                )
            except EditError as error:
                typer.echo(f"Not kept. {_where(error)}", err=True)
                if not typer.confirm("Edit it again?", default=True):
                    return False
                text = edited
            else:
                self._note("changed criterion", one.criterion.id)
                return True

    def accept(self, id_: str, seen: str | None = None) -> None:
        """Accepts one criterion, and notes it."""
        review.accept(self.path, id_, self.by or "", self.settings.today(), seen)
        self._note("accepted criterion", id_)

    def leave(self, id_: str, reason: str, seen: str | None = None) -> None:
        """Leaves one criterion to the study team, and notes it."""
        review.leave(self.path, id_, reason, self.by or "", self.settings.today(), seen)
        self._note("left criterion to team", id_)

    def _note(self, action: str, id_: str) -> None:
        typer.echo(f"{self.path.stem} {id_}: {action}.")
        # A machine without a store has no audit; the trial file itself says who reviewed it.
        if _store_is_there(self.settings):
            record(_WHO, action, detail=f"{self.path.stem} {id_}, by {self.by}"[:200])


def _store_is_there(settings: Settings) -> bool:
    address = urlsplit(settings.database_url)
    return not address.scheme.startswith("sqlite") or Path(address.path.removeprefix("/")).exists()


def _where(error: EditError) -> str:
    return f"Line {error.line} of the criterion: {error}" if error.line else str(error)


def _side_by_side(one: Reviewed, place: str, texts: Texts) -> Table:
    criterion = one.criterion
    table = Table(
        title=f"{criterion.id} ({place}) {texts.say(f'staff.trials.standing.{one.standing}')}", expand=True
    )
    table.add_column(texts.say("staff.trials.source"), ratio=1)
    table.add_column(texts.say("staff.trials.reading"), ratio=1)
    source = Text()
    for part, read in one.source:
        source.append(part, "reverse" if read else "")
    table.add_row(source, Group(*_reading(one, texts)))
    return table


def _reading(one: Reviewed, texts: Texts) -> list[Text]:
    criterion, say = one.criterion, texts.say
    found = [Text(f"{say('staff.trials.family')}: {criterion.family}")]
    if criterion.note:
        found.append(Text(f"{say('staff.trials.note')}: {criterion.note}"))
    if criterion.why_not_asked:
        found.append(Text(f"{say('staff.trials.team')}: {criterion.why_not_asked}"))
    for case in one.cases:
        found.append(Text(f"{say(f'staff.finding_names.{case.finding}')}: {case.reason}", "bold"))
        found += [Text("  " * (depth + 1) + line) for depth, line in case.lines]
        if case.family:
            found.append(Text(f"  {say('staff.trials.hears')}: {case.family}", "italic"))
    found += [Text(f"{say('staff.trials.fault')}: {fault.text}", "bold red") for fault in one.faults]
    return found
