"""What a trial's file tells of the study itself, for the page that families read before any chat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from criteria.place import Place

# As registries name them: what the study does about new patients, and who takes part by sex.
STATUSES = (
    "not_yet_recruiting",
    "recruiting",
    "by_invitation",
    "active_not_recruiting",
    "suspended",
    "terminated",
    "completed",
    "withdrawn",
)
SEXES = ("all", "female", "male")

ANSWERS = ("how_long", "what_happens", "what_is_given", "placebo", "payment")


@dataclass(frozen=True)
class Step:
    """One part of taking part, in plain words and in the order in which it comes."""

    title: str
    text: str


@dataclass(frozen=True)
class Study:
    """The facts of a study and its words for families; whatever the source does not tell is None or empty.

    registry    whose number the trial's id is
    status      one of STATUSES, as the source had it on its day
    sex         one of SEXES
    open_label  whether families and doctors know which treatment is given
    enrollment  how many patients the study plans to have
    condition, treatment, time  for the facts at a glance: parts of sentences
    who         whom the study is for, and not_for whom it is not for: whole sentences
    steps       what would happen
    how_long, what_happens, what_is_given, placebo, payment  answers to what families ask
    """

    registry: str | None = None
    status: str | None = None
    sex: str | None = None
    open_label: bool | None = None
    enrollment: int | None = None
    condition: str | None = None
    treatment: str | None = None
    time: str | None = None
    who: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    how_long: str | None = None
    what_happens: str | None = None
    what_is_given: str | None = None
    placebo: str | None = None
    payment: str | None = None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Everything here that a family reads, each with where it stands in the file."""
        for name in ("condition", "treatment", "time", *ANSWERS):
            if getattr(self, name) is not None:
                yield f"study.{name}", getattr(self, name)
        for name in ("who", "not_for"):
            yield from ((f"study.{name}.{number}", text) for number, text in enumerate(getattr(self, name)))
        for number, step in enumerate(self.steps):
            yield f"study.steps.{number}.title", step.title
            yield f"study.steps.{number}.text", step.text


def read_study(place: Place) -> Study:
    """The study told here. Raises TrialError, which names file and line."""
    parts = place.mapping((), [field.name for field in fields(Study)])

    def text(name: str, allowed: tuple[str, ...] | None = None) -> str | None:
        return parts[name].text(allowed) if name in parts else None

    def items(name: str) -> list[Place]:
        return parts[name].items() if name in parts else []

    return Study(
        registry=text("registry"),
        status=text("status", STATUSES),
        sex=text("sex", SEXES),
        open_label=parts["open_label"].yes() if "open_label" in parts else None,
        enrollment=parts["enrollment"].whole_number() if "enrollment" in parts else None,
        condition=text("condition"),
        treatment=text("treatment"),
        time=text("time"),
        who=tuple(item.text() for item in items("who")),
        not_for=tuple(item.text() for item in items("not_for")),
        steps=tuple(_step(item) for item in items("steps")),
        **{name: text(name) for name in ANSWERS},
    )


def _step(place: Place) -> Step:
    parts = place.mapping(("title", "text"))
    return Step(parts["title"].text(), parts["text"].text())
