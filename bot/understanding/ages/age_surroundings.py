"""What stands around a number that may be an age: small words before it, the subject, what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.understanding.ages.age_numbers import Quantity, phrases
from bot.understanding.ages.birthdays import day_at
from bot.understanding.statements.scene import Scene

MARKS = frozenset(".,;!?()—\n&")
_APPOSITION_MARKS = frozenset(".,;(—&")
_LAST_OF_A_LIST = 9
_FOUND_REACH = 9
_COUNT_REACH = 4
SENTENCE_ENDS = frozenset(".!?;\n")


@dataclass(frozen=True)
class Surroundings:
    """What is needed to judge the numbers of one message, and the ways to look around one of them.

    asked: the question that the message answers. writes: whether "I" is the patient.
    counts: says of a word whether the text speaks of the patient there.
    """

    scene: Scene
    today: date
    asked: str | None
    writes: bool
    counts: Callable[[int], bool]

    @cached_property
    def words(self) -> list[str]:
        """The message's words."""
        return self.scene.words

    @cached_property
    def mention_starts(self) -> dict[int, tuple[str, int]]:
        """Give where names start: of which kind, and where they end."""
        return {mention.start: (mention.kind, mention.end) for mention in self.scene.found.mentions}

    @cached_property
    def mention_ends(self) -> dict[int, str]:
        """Give where names end, and of which kind they are."""
        return {mention.end: mention.kind for mention in self.scene.found.mentions}

    @cached_property
    def taken(self) -> frozenset[int]:
        """Give the words of names and times."""
        names = {at for mention in self.scene.found.mentions for at in range(mention.start, mention.end)}
        return frozenset(names | {at for when in self.scene.dates for at in range(when.start, when.end)})

    def is_in(self, name: str, at: int) -> bool:
        """Whether the word at this place is in a list of `ages.yml`."""
        return 0 <= at < len(self.words) and self.words[at] in self.scene.language.words("ages", name)

    def ends(self, name: str, at: int) -> tuple[str, int]:
        """Read a table of `ages.yml` backwards from a word."""
        return phrases(self.scene.language, name).ending(self.words, at)

    def starts(self, name: str, at: int) -> tuple[str, int]:
        """Read a table of `ages.yml` forwards from a word."""
        return phrases(self.scene.language, name).starting(self.words, at)

    def marked(self, at: int) -> bool:
        """Whether the message, or a stretch between marks, begins or ends at this place."""
        return not 0 <= at < len(self.words) or self.words[at] in MARKS

    def qualified(self, at: int) -> tuple[str, set[str], int]:
        """Step back over "almost", "now", "no wait" ...; say how near, all meanings, and where they begin."""
        said: set[str] = set()
        near = ""
        while True:
            meaning, first = self.ends("qualifiers", at)
            if not meaning and at > 1 and self.words[at - 1] == ",":  # "scratch that, 11"
                meaning, first = self.ends("qualifiers", at - 1)
                meaning = meaning if meaning == "correcting" else ""
            if not meaning:
                return near, said, at
            said.add(meaning)
            if meaning in ("almost", "heading", "under", "about") and not near:
                near = "almost" if meaning == "heading" else meaning
            at = first

    # -- Whose number it is.

    def asks(self, at: int) -> bool:
        """Whether the clause of a word asks."""
        return self.scene.clause_of(at).asks

    def subject_start(self, at: int) -> int:
        """Give where the subject before a verb starts ("my son" before "turned")."""
        at = self.qualified(at)[2]
        noun, first = self.ends("nouns", at)
        if noun:
            while first and self.is_in("before_a_noun", first - 1):
                first -= 1
            return first
        return at if self.marked(at - 1) else at - 1

    def has_no_age(self, at: int) -> bool:
        """Whether the subject before a verb is something else than a child ("the dose will be 5")."""
        at = self.qualified(at)[2]
        return bool(self.ends("not_subjects", at)[0]) and not self.ends("nouns", at)[0]

    def subject_is_the_patient(self, first: int, quantity: Quantity) -> bool:
        """Whether it is the child, or at least no thing, of whom "is 7" tells."""
        at = self.qualified(first)[2]
        start = self.subject_start(at)
        if self.ends("subordinators", start)[0] or self.ends("anyone", at)[0]:
            return False
        asks = self.asks(quantity.start)
        if self.marked(at - 1):
            ends = not quantity.bare or self.marked(quantity.end)
            return not asks and (ends or self._goes_on_of_child(at, quantity.end))
        if self.is_in("pronouns", at - 1):
            return not (self.is_in("relative", at - 1) and self.ends("anyone", at - 1)[0])
        if self.ends("nouns", at)[0]:
            return not asks or self.is_in("own", start)
        if asks or self.ends("not_subjects", at)[0] or at - 1 in self.taken:
            return self.asked == "age" and self.is_in("it", at - 1)
        return not (self.is_in("before_a_noun", at - 2) and quantity.bare)

    def _goes_on_of_child(self, at: int, end: int) -> bool:
        """Whether "is 8 and has ..." goes on of a child after what is put between: "my niece, whom I mind
        each day, is 8 and has ASPS"."""
        if not self.is_in("joins", end) or not self.is_in("has_it", end + 1):
            return False
        first = self.scene.clause_of(at - 1).sentence_start
        places = [place for place in range(first + 1, at) if self.words[place] == ","]
        return any(self.ends("nouns", place)[0] for place in places)

    def beside_noun(self, at: int) -> bool:
        """Whether a child's word stands before, perhaps with a name and a mark between ("my son Tom, 7")."""
        if self.is_in("whose", at - 1):
            return self.is_in("own", at - 2)
        place = at - (at > 0 and self.words[at - 1] in _APPOSITION_MARKS)
        if self.ends("nouns", place)[0]:
            if self.is_in("siblings", place - 1) and not self.is_in("own", self.subject_start(place)):
                return False
            return not self.asks(place - 1) or self.is_in("own", self.subject_start(place))
        named = place > 1 and self.scene.found.message.tokens[place - 1].raw.istitle()
        return named and place - 1 not in self.taken and bool(self.ends("nouns", place - 1)[0])

    # -- What the number counts, and whether an age may end here.

    def counts_something(self, quantity: Quantity) -> bool:
        """Whether the word after the number is what it counts."""
        if quantity.old:
            return False
        if self.words[quantity.end : quantity.end + 1] == [":"]:  # the time of day
            return "".join(self.words[quantity.end + 1 : quantity.end + 2]).isdigit()
        listed = "no_age_after" if quantity.unit or quantity.extra is not None else "counted"
        return self.is_in(listed, quantity.end)

    def may_end(self, quantity: Quantity) -> bool:
        """Whether what follows the number lets it be an age."""
        end = quantity.end
        if self.starts("age_of_then", end)[0] or self.counts_something(quantity):
            return False
        if self.marked(end) or self.words[end] == ":":
            return True
        if quantity.old or self.is_in("stops", end) or self.is_in("sex_words", end):
            return True
        kind, stop = self.mention_starts.get(end, ("", end))
        if kind:
            return not (self.is_in("counted", stop) or self.is_in("counted", stop - 1))
        if quantity.unit and self.is_in("sex_nouns", end):
            return True
        when = day_at(self.scene, end)
        return when is not None and when.start == end

    def is_long_ago(self, at: int) -> bool:
        """Whether the words before tell of an age of then ("diagnosed at"), and not of now ("now at")."""
        return bool(self.ends("then_before", at)[0]) and not self.just_found(at)

    def just_found(self, at: int) -> bool:
        """Whether "just diagnosed ... at" or "now at" stands before: then it is the age of today."""
        if not self.is_in("at", at - 1) and not self.is_in("at", at):
            return False
        if self.ends("today_at", at - 1)[0]:
            return True
        lead = self.words[max(self.scene.clause_of(at - 1).start, at - _FOUND_REACH) : at]
        just, found = (self.scene.language.words("ages", name) for name in ("just", "found"))
        return not just.isdisjoint(lead) and not found.isdisjoint(lead)

    # -- A number on its own.

    def stands_first(self, quantity: Quantity, at: int) -> bool:
        """Whether a number begins a stretch between marks, and neither numbers it nor ends a count."""
        while self.ends("fragment_head", at)[0]:
            at = self.ends("fragment_head", at)[1]
        if at == 0:
            numbered = (
                self.asked is None
                and quantity.start == 0
                and self.words[quantity.end : quantity.end + 1] in (["."], [")"])
            )
            return not (numbered and quantity.bare and quantity.number <= _LAST_OF_A_LIST)
        if not self.marked(at - 1):
            return False
        if self.words[at - 1] == "(":
            named = at > 1 and self.scene.found.message.tokens[at - 2].raw.istitle()
            return named or self.words[at - 2].isdigit() or bool(self.ends("nouns", at - 1)[0])
        counts = self.is_in("counted", at - 2) or self.is_in("counters", at - 2)
        return self.asked == "age" or not (quantity.bare and counts)

    def stands_last(self, end: int) -> bool:
        """Whether nothing but small words follows before the next mark."""
        while self.starts("fragment_tail", end)[0]:
            end = self.starts("fragment_tail", end)[1]
        return self.marked(end)

    def of_a_treatment(self, quantity: Quantity, at: int) -> bool:
        """Whether a treatment or the course stands just before, of which a number may be the count."""
        wanted = ("treatments", "course") if quantity.unit else ("treatments",)
        for place in range(at - 1, max(at - _COUNT_REACH, 0) - 1, -1):
            if not quantity.unit and self.words[place] in SENTENCE_ENDS:
                return False
            if self.mention_ends.get(place + 1) in wanted:
                return True
        return False
