"""Putting fixed texts into the voice of whoever is writing, and facts into words."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.interview.model import NOT_SURE, Facts, World
from bot.interview.questions import ACTIVITY_SCORES
from bot.texts import fill, in_voice
from bot.texts.measures import age_as_text, day_as_text, place_as_text
from bot.texts.voices import capital, voice
from criteria.facts import BRAIN, EVENTS, ONGOING

_OF_THE_STUDY: Final = {
    "ask_how_long": "how_long",
    "ask_what_happens": "what_happens",
    "ask_what_is_nk": "what_is_given",
    "ask_placebo": "placebo",
    "ask_is_it_paid": "payment",
}
"""What families ask that only the study itself can answer, and what a trial's file calls it."""


class Speaker:
    """Says texts of one language in one voice, to one family of one site."""

    def __init__(self, world: World, facts: Facts, pronoun: str | None = None) -> None:
        self.texts = world.texts
        self.site = world.site
        self.world = world
        self.who = facts.get("respondent")
        self.words = voice(world.texts, self.who, pronoun)
        self.today = world.today

    def say(self, key: str, **values: object) -> str:
        """The text under the key, with the voice's words and the values filled in.

        Where the chat looks at several studies, the words for several go before those for one.
        """
        only, common = self.world.only_trial, {"site": self.site.name, **self.words}
        if only is not None:
            common["title"] = _small(only.title)
        elif self.texts.has(f"several.{key}"):
            key, common["count"] = f"several.{key}", str(len(self.world.trials))
        return self.texts.say(key, self.who, **{**common, **values})

    def aside(self, name: str) -> str:
        """The answer to what a family asks beside the interview: the study's own, where it has one."""
        only = self.world.only_trial
        own = getattr(only.study, _OF_THE_STUDY[name]) if only and name in _OF_THE_STUDY else None
        return self.fill(own) if own else self.say(f"asides.{name}")

    def choices(self, key: str) -> list[list[str]]:
        """The choices under the key, each as [payload, title], in this voice."""
        titles = self.texts.node(key).items()
        return [[payload, self.fill(in_voice(title, self.who))] for payload, title in titles]

    def label(self, key: str) -> str:
        """A text that stands by itself as a label, such as a question's title: "The age"."""
        return capital(self.say(key))

    def fill(self, text: str) -> str:
        """A trial file's family text in this voice."""
        return capital(fill(text, self.words, "a trial's file"))

    def topic(self, text: str) -> str:
        """A trial file's family text as part of a list."""
        return fill(text, self.words, "a trial's file")

    def day(self, day: date) -> str:
        """A day as families read it: December 13, 2026."""
        return day_as_text(day, self.texts)

    def contact(self) -> str:
        """How to reach a person, as far as the site has told."""
        if self.site.phone and self.site.hours:
            return self.say("site.call_site_hours", phone=self.site.phone, hours=self.site.hours)
        if self.site.phone:
            return self.say("site.call_site", phone=self.site.phone)
        return self.say("site.no_phone")

    def emergency_number(self) -> str:
        """The site's emergency number, or words for the local one."""
        if self.site.emergency_number:
            return self.say("site.emergency_number", number=self.site.emergency_number)
        return self.say("site.no_emergency_number")

    def crisis_line(self) -> str:
        """A sentence with the crisis line, or nothing where the site named none."""
        return self.say("site.crisis_line", line=self.site.crisis_line) if self.site.crisis_line else ""

    def other_language(self, language: str) -> str:
        """The one sentence in a family's own language that says how to reach a person."""
        code = language if self.texts.has(f"other_language.{language}") else "other"
        key = f"other_language.contact.{code}.{'phone' if self.site.phone else 'none'}"
        contact = self.say(key, phone=self.site.phone or "")
        return self.say(f"other_language.{code}", contact=contact)

    def told(self, paths: list[str], facts: Facts) -> str:
        """What was told under some fact paths, as sentences, each once."""
        names = list(dict.fromkeys(path.partition(".")[0] for path in paths))
        treatments = ("surgery", "chemotherapy", "radiation", "stem_cell_transplant")
        denied = [name for name in treatments if name in names and _denied(facts.get(name))]
        sentences = []
        if len(denied) > 2:
            sentences.append(self.say("told.no_treatment"))
            names = [name for name in names if name not in denied and name != "nitrosourea"]
        sentences += [self._fact(name, facts[name]) for name in names if name in facts]
        return " ".join(dict.fromkeys(part for part in sentences if part))

    def _fact(self, name: str, value: Any) -> str:
        if value == NOT_SURE or name == "respondent":
            return ""
        if name == "age":
            return self.say("told.age", age=self.age(*value["months"]))
        if name == "diagnosis":
            return self._diagnosis(value)
        if name == "disease_course":
            return self._course(value)
        if name == "activity":
            return self._activity(value["score"])
        if name == "sex":
            return self.say(f"told.sex.{value}")
        if name == "home":
            return self.say("told.home", place=place_as_text(value, self.texts))
        if name == BRAIN:
            return self._brain(value)
        if name in EVENTS:
            return self._event(name, value)
        listed = f"questions.health_history.choices.{name}"
        if value == "yes" and self.texts.has(listed):
            return self.say("told.health", title=self.say(listed))
        return self.say(
            "told.not_had" if value == "no" else "told.had", thing=self.say(f"told.things.{name}")
        )

    def age(self, least: int, most: int) -> str:
        """An age in completed months, as families say it."""
        return age_as_text([least, most], self.texts)

    def _diagnosis(self, value: dict[str, str]) -> str:
        if value["id"] == "not_cancer":
            return self.say("told.diagnosis_not_cancer")
        parts = []
        if value["id"] != NOT_SURE:
            parts.append(self.say("told.diagnosis", diagnosis=self.say(f"told.diagnoses.{value['id']}")))
        place = value.get("arises_in", NOT_SURE)
        if place != NOT_SURE:
            parts.append(self.say("told.arises_in", place=self.say(f"told.places.{place}")))
        return " ".join(parts)

    def _course(self, value: list[str]) -> str:
        if not value:
            return self.say("told.course_none")
        titles = [self.say(f"questions.disease_course.choices.{item}") for item in value]
        return self.say("told.course", list=", ".join(titles))

    def _activity(self, score: list[int]) -> str:
        if score in ACTIVITY_SCORES.values():
            return self.say("told.activity", level=self.activity_level(score))
        return self.say("told.activity_range") if score[1] <= 40 else ""

    def activity_level(self, score: list[int]) -> str:
        """The levels of the question that a score lies between, one or two."""
        levels = [
            self.say(f"questions.activity.choices.{level}")
            for level, (least, most) in ACTIVITY_SCORES.items()
            if least <= score[1] and most >= score[0]
        ]
        return " / ".join(dict.fromkeys([levels[0], levels[-1]])) if levels else ""

    def _brain(self, value: dict[str, Any]) -> str:
        parts = [self._had("told.not_had" if value.get("had") == "no" else "told.had", BRAIN)]
        if value.get("symptoms_now") == "yes":
            parts.append(self.say("told.brain_symptoms"))
        elif isinstance(value.get("symptom_free_since"), list):
            parts.append(self._days("told.brain_since", value["symptom_free_since"]))
        return " ".join(parts)

    def _event(self, name: str, value: dict[str, Any]) -> str:
        if value["had"] == "no":
            return self._had("told.not_had", name)
        if value["had"] == NOT_SURE:
            return ""
        thing = self.say(f"told.things.{name}")
        last = value.get("last")
        if last == ONGOING:
            parts = [self.say("told.ongoing", thing=thing)]
        elif isinstance(last, list) and self.texts.has(f"questions.{name}.last"):
            title = self.say(f"questions.{name}.last.title")
            parts = [self._days("told.last", last, Title=capital(title))]
        else:
            parts = [self._had("told.had", name)]
        kinds = self._kinds(name)
        if value.get("kind") in kinds:
            parts.append(self.say("told.kind", kind=self.fill(kinds[value["kind"]])))
        return " ".join(parts)

    def _kinds(self, name: str) -> dict[str, str]:
        question = self.texts.node("questions").get(f"{name}.kind", {})
        choices = question.get("choices", {})
        return {key: title for key, title in choices.items() if key != NOT_SURE}

    def _had(self, key: str, name: str) -> str:
        return self.say(key, thing=self.say(f"told.things.{name}"))

    def _days(self, key: str, interval: list[str], **values: object) -> str:
        earliest, latest = (self.day(date.fromisoformat(day)) for day in interval)
        if earliest == latest:
            return self.say(key, day=earliest, **values)
        return self.say(f"{key}_range", earliest=earliest, latest=latest, **values)


def _small(text: str) -> str:
    """A text as it stands inside a sentence; names such as MIBG keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _denied(value: Any) -> bool:
    return isinstance(value, dict) and (value["had"] == "no" or value.get("kind") == "minor")
