"""Which kind of a treatment it was: major or minor, own cells or a donor's, to ease pain or to cure."""

from __future__ import annotations

from bot.understanding.language import Language
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

_FILE = "events"


def kind_of(scene: Scene, mention: Mention, event: str) -> str | None:
    """Give the kind that the words at and around the name tell, or None."""
    kind = mention.entry.get("kind")
    if event == "radiation" and kind in (None, "large_area"):
        told = radiation_kind(sentence_of(scene, mention), scene.language)
        return told if told and not (kind and told == "small_area_to_cure") else kind
    if event != mention.name:
        return "organ" if event == "organ_transplant" else None
    if kind is not None:
        return str(kind)
    clause = scene.clause_of(mention.start)
    words = scene.words[clause.start : clause.end]
    near = set(words)
    text = " ".join(words)
    language = scene.language
    if event == "stem_cell_transplant":
        return _whose_cells(text, near, language)
    if event == "chemotherapy":
        return _mildness(scene, mention, text, near)
    if event == "injury" and broken_by_tumour(_sentence_and_next(scene, mention), language):
        return "by_tumour"
    if event == "surgery":
        return _size(near, language)
    return None


def broken_by_tumour(text: str, language: Language) -> bool:
    """Whether these words say that the tumour itself broke the bone."""
    found = language.pattern(_FILE, "by_tumour").search(text)
    return found is not None and language.pattern(_FILE, "not_by_tumour").search(text) is None


def radiation_kind(text: str, language: Language) -> str | None:
    """Give the kind of radiation by what it was for and how much it reached."""

    def says(name: str) -> bool:
        return language.pattern(_FILE, name).search(text) is not None

    def near(name: str) -> bool:
        return not language.words(_FILE, name).isdisjoint(held)

    held = set(text.split())
    cures = says("to_cure") and not says("not_to_cure")
    if says("for_pain"):
        return "small_area"
    if cures and ((near("small") and near("area")) or near("tumor_place") or near("small")):
        return "small_area_to_cure"
    return "large_area" if near("large") and near("large_area") else None


def sentence_of(scene: Scene, mention: Mention) -> str:
    """Give the sentence that names it."""
    spans = scene.found.message.sentences
    first, last = spans[scene.clause_of(mention.start).sentence]
    return " ".join(scene.words[first:last])


def _sentence_and_next(scene: Scene, mention: Mention) -> str:
    """Give the sentence that names it and the two behind it: the cause is often told after."""
    spans = scene.found.message.sentences
    number = scene.clause_of(mention.start).sentence
    return " ".join(scene.words[spans[number][0] : spans[min(number + 2, len(spans) - 1)][1]])


def _whose_cells(text: str, near: set[str], language: Language) -> str | None:
    if language.pattern(_FILE, "own_cells").search(text):
        return "own"
    if near & language.words(_FILE, "donor") or language.pattern(_FILE, "from_somebody").search(text):
        return "donor"
    return None


def _mildness(scene: Scene, mention: Mention, text: str, near: set[str]) -> str | None:
    clause = scene.clause_of(mention.start)
    language = scene.language
    if mention.entry.get("mild_alone") and language.pattern(_FILE, "the_only_chemo").search(
        _sentence_and_next(scene, mention)
    ):
        agents = [m for m in scene.found.mentions if m.name == "chemotherapy" and m.entry.get("agent")]
        return None if any(m.entry != mention.entry for m in agents) else "mild"
    if mention.entry.get("mild_alone") and language.words(_FILE, "only") & near:
        others = [
            m
            for m in scene.found.mentions
            if m.name == "chemotherapy" and m is not mention and clause.holds(m.start)
        ]
        return None if any(m.entry.get("agent") for m in others) else "mild"
    by_mouth = bool(language.words(_FILE, "by_mouth") & near)
    return "mild" if by_mouth and language.pattern(_FILE, "low_dose").search(text) else None


def _size(near: set[str], language: Language) -> str | None:
    if language.words(_FILE, "major") & near:
        return "major"
    return "minor" if language.words(_FILE, "minor") & near else None
