"""The second baseline: a Rasa entity model (DIET), its training sentences made from our own lexicon.

Every name of the lexicon stands in several short sentences, some of which deny it; ages and times stand in
others. DIET learns to mark them; what a marked name means is looked up among the names, what a marked time
means is dateparser's. Training takes some minutes and is kept under `var/`, by the sentences' own hash.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import process

from bot.supervisor import rasa_python

from .keywords import add_named, names_in
from .messages import Facts, Message
from .names import Name, names
from .plain import plain_age, plain_answer, plain_day, plain_respondent

TITLE = "Rasa DIET, dateparser"
ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "understanding"
_SENTENCES = {
    "told": ("he had {}", "she has {} since {time}", "my son was treated with {} , {time}", "{}", "{} {time}",
             "{who} is {age} and has {}", "we finished {} {time}", "still {} and it is hard"),
    "denied": ("no {}", "she never had {}", "he has not had {} yet", "without {}"),
}  # fmt: skip
_WHO = ("my son", "our daughter", "he", "she", "my grandson", "the kid")
_AGES = ("7", "3 years old", "18 months", "ten", "4 and a half", "15yo", "almost 6", "2 1/2")
_TIMES = (
    *("three weeks ago", "in june", "last tuesday", "yesterday", "on oct 3", "10/14", "last spring"),
    *("2 months ago", "in 2024", "the week before last", "this morning", "nov 2nd", "last week"),
)
_CONFIG = {
    "recipe": "default.v1",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {
            "name": "CountVectorsFeaturizer",
            "analyzer": "char_wb",
            "min_ngram": 2,
            "max_ngram": 4,
            "max_features": 4000,
        },
        # A layer less, and larger batches, than Rasa's defaults: they train in minutes, for entities alone.
        {
            "name": "DIETClassifier",
            "epochs": 12,
            "batch_size": [128, 256],
            "number_of_transformer_layers": 1,
            "transformer_size": 128,
            "intent_classification": False,
            "random_seed": 1,
        },
    ],
    "policies": [],
}


class DietError(RuntimeError):
    """Rasa could not train or read; the text says what to look at."""


def understand_by_diet(messages: Sequence[Message]) -> list[Facts]:
    """Train if needed, read all messages, and give the facts of each. Raises DietError."""
    KEPT.mkdir(parents=True, exist_ok=True)
    training = yaml.safe_dump(_training(), sort_keys=False, width=200)
    key = hashlib.sha256((training + json.dumps(_CONFIG)).encode()).hexdigest()[:16]
    model = KEPT / f"diet-{key}.tar.gz"
    if not model.exists():
        _train(training, model)
    texts = KEPT / "texts.json"
    texts.write_text(json.dumps([message.text for message in messages]), encoding="utf-8")
    try:
        _rasa(str(Path(__file__).with_name("diet_entities.py")), str(model), str(texts))
        marked = json.loads((KEPT / "texts.entities.json").read_text(encoding="utf-8"))
    finally:
        texts.unlink()
    return [_facts(message, found) for message, found in zip(messages, marked, strict=True)]


def _training() -> dict[str, Any]:
    """Rasa's training file; which sentence a name stands in is drawn with a fixed seed."""
    draw = random.Random(1)
    lines = []
    for name in names():
        for label, sentences in _SENTENCES.items():
            # A denied diagnosis tells nothing; of the others a third is enough to learn what "no" does.
            if label == "denied" and (name.fact in ("diagnosis", "disease_course") or draw.random() > 1 / 3):
                continue
            sentence = draw.choice(sentences)
            lines.append(_filled(sentence, f"[{name.text}]({name.fact}.{label})", draw))
    lines += [_filled("he is {age}", "", draw) for _ in range(40)]
    lines += _sentences_without_names()
    examples = "".join(f"- {line}\n" for line in dict.fromkeys(lines))
    return {"version": "3.1", "nlu": [{"intent": "inform", "examples": examples}]}


def _sentences_without_names() -> list[str]:
    """Of the chat's training data what holds no name and no number: words that DIET is to leave alone."""
    blocks = [
        block
        for path in sorted((ROOT / "data" / "nlu").rglob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    ]
    lines = [line.removeprefix("- ") for block in blocks for line in block["examples"].splitlines()]
    return [line for line in lines if not any(c in "0123456789[]()" for c in line) and not names_in(line)]


def _filled(sentence: str, name: str, draw: random.Random) -> str:
    return (
        sentence.replace("{time}", f"[{draw.choice(_TIMES)}](time)")
        .replace("{age}", f"[{draw.choice(_AGES)}](age)")
        .replace("{who}", draw.choice(_WHO))
        .replace("{}", name)
    )


def _train(training: str, model: Path) -> None:
    data, config = KEPT / "diet.yml", KEPT / "diet-config.yml"
    data.write_text(training, encoding="utf-8")
    config.write_text(yaml.safe_dump(_CONFIG, sort_keys=False), encoding="utf-8")
    _rasa("-m", "rasa", "train", "nlu", "--nlu", str(data), "--config", str(config), "--out", str(KEPT),
          "--fixed-model-name", model.name.removesuffix(".tar.gz"))  # fmt: skip


def _rasa(*arguments: str) -> None:
    environment = os.environ | {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    log = KEPT / "diet.log"
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            [str(rasa_python()), *arguments], cwd=KEPT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    if done.returncode:
        raise DietError(f"Rasa failed; its last words are in {log.relative_to(ROOT)}")


def _facts(message: Message, marked: list[dict[str, Any]]) -> Facts:
    facts: Facts = plain_respondent(message.text)
    days = [
        (found["start"], day)
        for found in marked
        if found["entity"] == "time" and (day := plain_day(found["value"]))
    ]
    if any(found["entity"] == "age" for found in marked) or message.asked == "age":
        facts |= plain_age(message.text, message.asked == "age")
    for found in marked:
        fact, _, label = found["entity"].partition(".")
        name = _named(found["value"].lower(), fact)
        if name:
            add_named(facts, name, label == "denied", "")
            event = facts.get(fact)
            if days and isinstance(event, dict) and event.get("had") == "yes" and fact != "diagnosis":
                event["last"] = min(days, key=lambda day: abs(day[0] - found["start"]))[1]
    if message.asked:
        facts |= plain_answer(message.text, message.asked, facts)
    return facts


def _named(text: str, fact: str) -> Name | None:
    """The lexicon's name for what DIET marked: the nearest in spelling among those of that fact."""
    known = {name.text: name for name in names() if name.fact == fact}
    best = process.extractOne(text, known.keys(), score_cutoff=60)
    return known[best[0]] if best else None
