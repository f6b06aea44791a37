"""Whether the writer tells of an illness of their own: "I have rhabdo", "they took my leg off"."""

from __future__ import annotations

from bot.understanding.people.genders import word_genders
from bot.understanding.vocabulary import Found, Mention

_FILE = "people"
_LOOK = 9
_NEAR = 3
_ANY = ""
_OLDEST_YOUNG_PATIENT = 30
_AGE = "age"
_ILLNESS = frozenset(["diagnoses", "treatments", "course"])
_MARKS = frozenset(".!?;\n")
_BY_THEMSELVES = ("own_body", "own_last", "own_things", "own_start")
_BEFORE = {
    "diagnoses": ("i_had_it", "i_am_ill", "my_own", "to_me", "and_i"),
    "treatments": ("i_had_it", "i_felt", "i_right", "i_am_ill", "my_own", "to_me", "and_i"),
    "health": ("i_had_it", "i_right", "i_am_ill", "my_own", "to_me", "and_i"),
    "course": ("i_had_it", "i_am_ill", "i_did", "my_own", "to_me", "and_i"),
    "activity": ("i_did", "i_am_ill"),
}


def says_to_be_the_patient(found: Found) -> bool:
    """Whether the writer says so in so many words: "I'm the patient", "it's me who is sick"."""
    return found.message.language.pattern(_FILE, "i_am_the_patient").search(found.message.norm) is not None


def tells_of_own_illness(found: Found) -> bool:
    """Whether the message tells of an illness in the first person, and of no other patient."""
    message, language = found.message, found.message.language
    if language.words(_FILE, "own_words").isdisjoint(message.words) or _speaks_of_a_patient(found):
        return False
    if any(_is_own(found, mention) for mention in found.mentions if mention.name != "nothing"):
        return True
    if any(language.pattern(_FILE, name).search(message.norm) for name in _BY_THEMSELVES):
        return True
    return any(mention.kind in _ILLNESS for mention in found.mentions) and _is_young(found)


def _speaks_of_a_patient(found: Found) -> bool:
    """Whether "he" or "her" points to a patient, for want of a grown-up whom it could mean."""
    words, language = found.message.words, found.message.language
    third, patients = language.words(_FILE, "third_person"), language.words(_FILE, "other_patient")
    may_mean, pronouns = language.words(_FILE, "pronoun_may_mean"), word_genders(language)["pronouns"]
    kin = word_genders(language)["kin"]
    meant: set[str] = set()
    for word in words:
        if word in may_mean:
            meant.add(kin.get(word, _ANY))
        elif (word in third and not meant & {_ANY, pronouns.get(word, _ANY)}) or (
            word in patients and not meant
        ):
            return True
    return False


def _is_own(found: Found, mention: Mention) -> bool:
    """Whether the words around a name say that the writer has it or had it."""
    message, language = found.message, found.message.language
    words = message.words
    start = max(mention.start - _LOOK, 0)
    before = words[start : mention.start]
    for at in range(len(before) - 1, -1, -1):
        if before[at] in _MARKS:
            before = before[at + 1 :]
            break
    inside = words[mention.start : mention.end]
    if _owns(found, inside, mention):
        return True
    hearsay = language.words(_FILE, "hearsay")
    text = "".join(f"{word} " for word in before)
    for name in _BEFORE.get(mention.kind, ()):
        match = language.pattern(_FILE, name).search(text)
        if match and hearsay.isdisjoint(match[0].split()):
            return True
    if mention.kind == "activity":
        return False
    after = "".join(f" {word}" for word in words[mention.end : mention.end + _LOOK])
    return language.pattern(_FILE, "of_mine").search(after) is not None


def _owns(found: Found, inside: list[str], mention: Mention) -> bool:
    """Whether the name itself is told in the first person: "broke my wrist", "i lie around"."""
    language = found.message.language
    if not language.words(_FILE, "hearsay").isdisjoint(inside):
        return False
    if mention.kind == "activity":
        return not language.words(_FILE, "i").isdisjoint(inside)
    if not language.words(_FILE, "me").isdisjoint(inside):
        return True
    following = found.message.words[mention.end : mention.end + _NEAR]
    return language.pattern(_FILE, "my_body").search(" ".join((*inside, *following))) is not None


def _is_young(found: Found) -> bool:
    """Whether the writer tells an age of childhood or youth: "im 17, ewing, chemo is done"."""
    pattern = found.message.language.pattern(_FILE, "own_age")
    return any(int(match[_AGE]) <= _OLDEST_YOUNG_PATIENT for match in pattern.finditer(found.message.norm))
