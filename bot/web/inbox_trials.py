"""The trials in the inbox: which criteria the site has accepted, and reviewing them one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from bot.leads.reading import record
from bot.leads.users import ADMINISTRATOR
from bot.trialfiles import review
from bot.trialfiles.editing import ChangedMeanwhile, EditError
from bot.trialfiles.review import STANDINGS, WAITING
from bot.web.inbox_guard import Desk, for_staff
from criteria import TrialError, trial_names

router = APIRouter()

LONGEST_REASON = 500
_Decide = Callable[[Path, str, Desk, date], None]


def _accept(path: Path, criterion: str, desk: Desk, on: date) -> None:
    review.accept(path, criterion, desk.staff.name, on, desk.fields.get("seen", ""))


def _leave(path: Path, criterion: str, desk: Desk, on: date) -> None:
    reason = desk.fields.get("reason", "")[:LONGEST_REASON]
    review.leave(path, criterion, reason, desk.staff.name, on, desk.fields.get("seen", ""))


def _change(path: Path, criterion: str, desk: Desk, on: date) -> None:
    review.change(
        path, criterion, desk.fields.get("text", ""), desk.staff.name, on, desk.fields.get("seen", "")
    )


# What may be decided about a criterion, and how the audit names it.
_DECISIONS: dict[str, tuple[_Decide, str]] = {
    "accept": (_accept, "accepted criterion"),
    "leave": (_leave, "left criterion to team"),
    "change": (_change, "changed criterion"),
}


@router.get("/trials")
@for_staff(ADMINISTRATOR)
async def trials(desk: Desk) -> Response:
    """All trial files, with how far their review has come."""
    found = await asyncio.to_thread(review.overviews, _folder(desk))
    return desk.page("trials.html", found=found, standings=STANDINGS)


@router.get("/trials/{trial}")
@for_staff(ADMINISTRATOR)
async def one_trial(desk: Desk) -> Response:
    """One trial's criteria, the source beside the reading."""
    return await _trial_page(desk)


@router.post("/trials/{trial}/{criterion}/{decision}")
@for_staff(ADMINISTRATOR)
async def decide(desk: Desk) -> Response:
    """Accept a criterion, change it, or leave it to the study team, unless it is another by now."""
    asked = desk.request.path_params
    path = _path(desk)
    if path is None or asked["decision"] not in _DECISIONS:
        return desk.refuse("staff.trials.not_found", 404)
    act, action = _DECISIONS[asked["decision"]]
    criterion = asked["criterion"]
    try:
        await asyncio.to_thread(act, path, criterion, desk, desk.request.app.state.settings.today())
    except ChangedMeanwhile:
        return await _trial_page(desk, 409, at=criterion, problem="staff.trials.meanwhile")
    except EditError as error:
        return await _trial_page(desk, 409, at=criterion, error=error)
    except TrialError:
        return await _trial_page(desk, 409)
    await asyncio.to_thread(record, desk.staff.name, action, detail=f"{path.stem} {criterion}")
    return RedirectResponse(f"/inbox/trials/{path.stem}?done={criterion}#{criterion}", 303)


async def _trial_page(
    desk: Desk, status: int = 200, *, at: str = "", problem: str = "", error: EditError | None = None
) -> Response:
    """The page of the trial in the address; ``at`` is the criterion that a problem or an error is about."""
    path = _path(desk)
    if path is None:
        return desk.refuse("staff.trials.not_found", 404)
    texts = desk.request.app.state.texts
    try:
        trial, found = await asyncio.to_thread(review.for_review, path, texts)
    except (TrialError, EditError) as unusable:
        return desk.page("trial_unusable.html", 409, name=path.stem, why=str(unusable))
    ids = [one.criterion.id for one in found]
    if at and at not in ids:
        return desk.refuse("staff.trials.not_found", 404)
    told = texts.say(problem, criterion=at) if problem else ""
    if error is not None:
        key = "staff.trials.wrong_line" if error.line else "staff.trials.wrong"
        told = texts.say(key, criterion=at, line=error.line, error=str(error))
    done = desk.request.query_params.get("done", "")
    return desk.page(
        "trial_review.html",
        status,
        trial=trial,
        found=found,
        waiting=WAITING,
        at=at,
        problem=told,
        # What was typed is not lost; but of a criterion that is another by now, the new text is shown.
        typed=desk.fields if error is not None else {},
        done=done if done in ids else "",
        longest_reason=LONGEST_REASON,
    )


def _folder(desk: Desk) -> Path:
    folder: Path = desk.request.app.state.settings.trials_folder
    return folder


def _path(desk: Desk) -> Path | None:
    """The file of the trial in the address, if there is one."""
    name, folder = desk.request.path_params["trial"], _folder(desk)
    return folder / f"{name}.yml" if name in trial_names(folder) else None
