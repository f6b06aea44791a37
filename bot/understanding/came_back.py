"""What "it is back" is said of: the disease, in the body, or a fever or an infection named before."""

from __future__ import annotations

from functools import cache

from bot.understanding.assertions import judge
from bot.understanding.files import read_lexicon_file
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention
from bot.understanding.whose import about_another
from criteria.facts import BRAIN

PERSON_WORDS = frozenset(
    [
        "he",
        "she",
        "we",
        "they",
        "i",
        "who",
        "kid",
        "son",
        "daughter",
        "results",
        "result",
        "scan",
        "scans",
        "labs",
        "lab",
        "test",
        "tests",
        "biopsy",
        "pathology",
        "counts",
        "mri",
        "ct",
        "fever",
        "infection",
        "hair",
        "appetite",
        "pain",
        "headaches",
        "numbers",
        "husband",
        "school",
        "insurance",
        "life",
        "everything",
        "bloodwork",
        "cough",
        "rash",
        "swelling",
        "wound",
        "cold",
        "diarrhea",
        "medicine",
        "drug",
    ]
)
_DETERMINERS = frozenset(["the", "his", "her", "my", "both", "a", "left", "right", "their"])
_AGAINST_CANCER = frozenset(
    [
        "surgery",
        "chemotherapy",
        "nitrosourea",
        "radiation",
        "stem_cell_transplant",
        "trial_drug",
        "other_cancer_medicine",
    ]
)
_OF_THE_BODY = frozenset(
    ["fever", "cough", "pain", "rash", "hair", "appetite", "headaches", "swelling", "cold"]
)


def back_somewhere(scene: Scene, asked: str | None) -> bool:
    """Read "back in his lungs", and "back in june" where the course was asked."""
    words = scene.words
    covered = {at for mention in scene.found.mentions for at in range(mention.start, mention.end)}
    for at, word in enumerate(words):
        if word != "back" or at in covered:
            continue
        lead = words[max(at - 3, 0) : at]
        if lead and (lead[-1] in _DETERMINERS or set(lead) & (PERSON_WORDS | {"lower", "upper", "put"})):
            continue
        answers = asked == "disease_course" and at <= 2 and dated(scene, at + 1)
        clause = scene.clause_of(at)
        stand_in = Mention(at, at + 1, "course", {"value": "relapsed"})
        if (
            (answers or in_the_body(scene, at + 1))
            and not clause.asks
            and not about_another(scene, clause, at)
            and judge(scene, stand_in) == "yes"
            and not of_something_else(scene, stand_in, "it")
        ):
            return True
    return False


def in_the_body(scene: Scene, at: int) -> bool:
    """Whether "in his lungs" stands here."""
    words = scene.words[at : at + 4]
    if words[:1] not in (["in"], ["on"]):
        return False
    rest = [word for word in words[1:] if word not in _DETERMINERS]
    return bool(rest) and rest[0] in _body_words()


def of_something_else(scene: Scene, mention: Mention, name: str) -> bool:
    """Whether "it" is an infection, a wound or a fever that was named before."""
    words = scene.words
    lead = [word for word in words[max(mention.start - 3, 0) : mention.start] if word not in ("has", "just")]
    if name.split()[0] not in ("it", "its", "is") and lead[-1:] != ["it"]:
        return False
    if name.split()[0] == "is" and lead[-1:] not in (["it"], ["its"], ["and"], []):
        return False
    sentence = scene.clause_of(mention.start).sentence
    before = [m for m in scene.found.mentions if m.end <= mention.start]
    if before and scene.clause_of(before[-1].start).sentence >= sentence - 1:
        last = before[-1]
        if last.kind == "health" and last.name != BRAIN:
            return True
        if last.kind == "treatments" and last.name not in _AGAINST_CANCER:
            return True
    start = next((c.start for c in scene.clauses if c.sentence == sentence), 0)
    return bool(_OF_THE_BODY & set(words[start : mention.start]))


@cache
def _body_words() -> frozenset[str]:
    places = read_lexicon_file("en", "places")
    names = {name for group in ("bone", "anywhere", "other", "kidney", "brain") for name in places[group]}
    return frozenset(names | {f"{name}s" for name in names}) - {"side", "back", "head", "nose"}


def dated(scene: Scene, at: int) -> bool:
    """Whether a time stands at this word."""
    return any(when.start <= at < when.end or when.start == at for when in scene.dates)
