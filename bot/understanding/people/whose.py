"""Whether the text speaks of somebody other than the patient."""

from __future__ import annotations

from functools import cache

from bot.understanding.language import Language
from bot.understanding.people.genders import word_genders
from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Span

_FILE = "people"
_PATIENT_CUES = ("child_of_parent", "child_of_carer", "i_am_patient", "i_am_parent", "i_am_carer")
_WRITER_CUES = ("i_am_parent", "i_am_carer")
_OF_WRITER = ("is_mine", "in_my_body")
_LOOK = 16


def about_another(scene: Scene, clause: Clause, before: int) -> bool:
    """Whether the sentence speaks of somebody else by the time it reaches this word."""
    if scene.cue("in_family", clause.start, clause.end):
        return True
    other = _last_other(scene, clause.sentence_start, before)
    if other is not None:
        return not _back_to_the_patient(scene, other, clause, before)
    if _goes_on_of_another(scene, clause, before):
        return True
    if _is_age_of_another(scene, before):
        return True
    if scene.patient_writes:
        return _told_of_by_patient(scene, clause.start, before)
    return _writer_had_it(scene, clause.start, before)


def was_another(scene: Scene, clause: Clause, start: int, end: int) -> bool:
    """Whether the words behind a name say whose it was: "the one who relapsed is her cousin"."""
    language = scene.language
    behind = "".join(f" {word}" for word in scene.words[end : end + _LOOK])
    if not scene.patient_writes and any(language.pattern(_FILE, name).match(behind) for name in _OF_WRITER):
        return True
    if language.pattern(_FILE, "was_other").match(behind) is None:
        return False
    before = "".join(f"{word} " for word in scene.words[clause.sentence_start : start])
    return language.pattern(_FILE, "who_before").search(before) is not None


def denied_of_the_patient(scene: Scene, end: int) -> bool:
    """Whether what another had is denied of the patient: "my husband had it, our daughter never did"."""
    behind = "".join(f" {word}" for word in scene.words[end : end + _LOOK])
    return scene.language.pattern(_FILE, "not_the_patient").match(behind) is not None


def _last_other(scene: Scene, start: int, before: int) -> Span | None:
    """Give the last person between two words who is not the patient, if no patient is named after them."""
    patients = [span for name in _PATIENT_CUES for span in scene.cue(name, start, before)]
    if not scene.patient_named:
        patients += scene.cue("sibling", start, before)
    others = [span for span in scene.cue("others", start, before) if _is_subject(scene, span)]
    others = [span for span in others if not any(p[0] <= span[0] < p[1] for p in patients)]
    others += scene.cue("strangers", start, before)
    if not others:
        return None
    last = max(others)
    return None if patients and max(patients)[0] >= last[0] else last


def _back_to_the_patient(scene: Scene, other: Span, clause: Clause, before: int) -> bool:
    """Whether a pronoun in this clause turns from somebody else to the patient."""
    words = scene.words
    if scene.patient_writes and not scene.language.words(_FILE, "i").isdisjoint(
        words[max(other[1], clause.start) : before]
    ):
        return True
    pronouns = scene.language.words(_FILE, "patient_pronouns")
    subjects = [at for at in range(max(other[1], clause.start), before) if words[at] in pronouns]
    if not subjects:
        return False
    gender = _gender_of_pronoun(words[subjects[-1]], scene.language)
    return bool(gender) and (
        _gender_of_kin(scene, other) not in ("", gender)
        or _set_against(scene, other, clause.start, subjects[-1], before)
    )


def _set_against(scene: Scene, other: Span, start: int, subject: int, before: int) -> bool:
    """Whether the patient is set against somebody of theirs: "his cousin had ..., but he has ..."."""
    words, language = scene.words, scene.language
    owner = word_genders(language)["owner"].get(words[other[0] - 1]) if other[0] else None
    return (
        words[start] in language.words(_FILE, "contrast")
        and _gender_of_pronoun(words[subject], language) == (owner or "?")
        and not language.words(_FILE, "has").isdisjoint(words[subject + 1 : subject + 2])
        and language.words(_FILE, "before_an_illness").issuperset(words[subject + 2 : before])
    )


def _goes_on_of_another(scene: Scene, clause: Clause, before: int) -> bool:
    """Whether a sentence goes on of somebody named in the one before: "My cousin had it. She got chemo"."""
    words = scene.words
    start = clause.sentence_start
    if start <= scene.clauses[0].start:
        return False
    opening = scene.language.words(_FILE, "opens_on")
    first = start
    while first < clause.end and words[first] in opening:
        first += 1
    gender = _gender_of_pronoun(words[first], scene.language) if first < before else ""
    if not gender:
        return False
    earlier = scene.clause_of(start - 1)
    other = _last_other(scene, earlier.sentence_start, earlier.end)
    if other is None or _gender_of_kin(scene, other) not in ("", gender):
        return False
    patient = _gender_of_patient(scene, other[0])
    return patient is not None and patient != gender


def _gender_of_patient(scene: Scene, other: int) -> str | None:
    """Give "" where nobody was named before this word, the gender of the patient who was, else None."""
    named = [span for name in _PATIENT_CUES for span in scene.cue(name, 0, other)]
    genders = word_genders(scene.language)
    told = {genders["patient"][word] for word in scene.words if word in genders["patient"]}
    spoken = {genders["pronouns"][word] for word in scene.words[:other] if word in genders["pronouns"]}
    if not told and not spoken:
        return None if named or scene.patient_named else ""
    both = spoken or told
    return both.pop() if len(both) == 1 else None


def _gender_of_pronoun(word: str, language: Language) -> str:
    return word_genders(language)["subject"].get(word, "")


def _gender_of_kin(scene: Scene, other: Span) -> str:
    """Give the gender of somebody by the last word that tells it ("friend's mother")."""
    kin = word_genders(scene.language)["kin"]
    told = [kin[word] for word in scene.words[other[0] : other[1]] if word in kin]
    return told[-1] if told else ""


def _writer_had_it(scene: Scene, start: int, before: int) -> bool:
    """Whether a writer who is not the patient tells of themselves: "I had it as a child"."""
    words, language = scene.words, scene.language
    i, had, patient = (language.words(_FILE, name) for name in ("i", "i_had", "patient_after_i_had"))
    roles = {span[0] for name in _WRITER_CUES for span in scene.cue(name, start, before)}
    return any(
        words[at] in i
        and words[at + 1] in had
        and roles.isdisjoint((at, at - 1))
        and patient.isdisjoint(words[at + 2 : before])
        for at in range(max(start, before - _LOOK), min(before, len(words) - 1))
    )


def _told_of_by_patient(scene: Scene, start: int, before: int) -> bool:
    """Whether a patient who writes tells of somebody else: "my mom had it too, she had chemo"."""
    words, language = scene.words, scene.language
    own = language.words(_FILE, "i") | language.words(_FILE, "my") | language.words(_FILE, "me")
    verbs, genders = language.words(_FILE, "of_her_own"), word_genders(language)["subject"]
    return any(
        words[at] in genders and words[at + 1] in verbs and own.isdisjoint(words[at + 2 : before])
        for at in range(max(start, before - _LOOK), before - 1)
    )


def _is_age_of_another(scene: Scene, before: int) -> bool:
    """Whether the number before is of somebody who is named right behind it: "my 40 year old husband"."""
    words, language = scene.words, scene.language
    if before < 2 or not words[before - 1].isdigit():
        return False
    ages = language.words(_FILE, "age_units") | language.words(_FILE, "old")
    at = before
    while at < len(words) and words[at] in ages:
        at += 1
    return (
        at > before
        and words[before - 2] in _before_others(language)
        and bool([span for span in scene.cue("others", at, at + 3) if span[0] == at])
    )


def _is_subject(scene: Scene, span: Span) -> bool:
    """Whether somebody else is spoken of, and does not just give, help or report."""
    words, language = scene.words, scene.language
    possessive = span[0] == 0 or words[span[0] - 1] in _before_others(language)
    if (
        not possessive
        and words[span[0]] not in language.words(_FILE, "opens_others")
        and not _is_named_alone(scene, span)
    ):
        return False
    lead = words[max(span[0] - 3, 0) : span[0]]
    if not language.words(_FILE, "gives_or_helps").isdisjoint(lead):
        return False
    if any(phrase in " ".join(lead) for phrase in language.words(_FILE, "i_am")):
        return False
    if " ".join(words[span[1] : span[1] + 2]) in language.words(_FILE, "and_the_writer"):
        return False
    if _is_only_one_of(scene, span):
        return False
    return not any(start == span[1] for start, _ in scene.found.cue("reporting"))


def _is_named_alone(scene: Scene, span: Span) -> bool:
    """Whether kin open a clause by that word alone: "Grandma had breast cancer"."""
    words, language = scene.words, scene.language
    return (
        words[span[0]] in language.words(_FILE, "named_alone")
        and not words[span[0] - 1].isalnum()
        and words[span[1] : span[1] + 1] != []
        and words[span[1]] in language.words(_FILE, "after_named_alone")
    )


def _is_only_one_of(scene: Scene, span: Span) -> bool:
    """Whether "my older son" is the patient, since no other child was spoken of before."""
    words, language = scene.words, scene.language
    if words[span[0]] not in language.words(_FILE, "of_several"):
        return False
    if not set(words[span[0] : span[1]]) & set(word_genders(language)["patient"]):
        return False
    third = language.words(_FILE, "third_person")
    children = [s for name in _PATIENT_CUES[:2] for s in scene.found.cue(name) if s[0] != span[0] - 1]
    return not children and third.isdisjoint(words[: span[0]])


@cache
def _before_others(language: Language) -> frozenset[str]:
    return language.words(_FILE, "before_others") | {language.table("spelling", "whose")}
