"""The words of the mails: easy to read, all of them used, and subjects that give nobody away."""

import re
from pathlib import Path
from typing import Any

import pytest
import textstat

import bot.leads
from bot.leads.outbox.kinds import Kind
from bot.texts import load_texts
from tests.contract.test_texts import GLOSSARY, HIGHEST_GRADE, grade, texts_under
from tests.leads.mail_server import body
from tests.leads.test_mail_writing import MAILS, written

TEXTS = load_texts("en")


@pytest.mark.parametrize("kind", MAILS)
def test_subject_tells_nothing_of_illness_study_or_family(screening: dict[str, Any], kind: Kind) -> None:
    cancer_hospital = "Cancer Trial Hospital"
    subject = written(kind, screening, SITE_NAME=cancer_hospital)["Subject"]
    telling = {word for name in GLOSSARY for word in name.lower().split()}
    telling |= {"cancer", "tumor", "illness", "trial", "study", "hospital", "child", "patient", "match"}
    telling |= {"quillonia", "zarrabeth", "nct06848582", "possible", "treatment", "health", "clinic"}
    assert telling.isdisjoint(re.findall(r"\w+", subject.lower()))
    assert subject


def test_whole_mails_read_at_grade_six_or_below(screening: dict[str, Any]) -> None:
    told = {"SITE_NAME": "the clinic", "SITE_PHONE": "555", "SITE_CALLBACK_DAYS": "2", "SITE_HOURS": "9 to 5"}
    for verdict in ("likely", "possible", "not_yet"):
        copy = body(written(Kind.FAMILY_COPY, screening | {"verdict": verdict}, **told))
        sentences = " ".join(line for line in copy.splitlines() if line.endswith((".", "?")))
        assert grade(sentences) <= HIGHEST_GRADE, sentences
    assert grade(body(written(Kind.CODE, screening))) <= HIGHEST_GRADE
    assert textstat.sentence_count(body(written(Kind.CODE, screening))) >= 4


def test_every_text_is_used() -> None:
    here = Path(bot.leads.__file__).parent
    files = [*here.rglob("*.py"), *(here.parent / "web" / "templates").glob("*.html")]
    used = "\n".join(path.read_text(encoding="utf-8") for path in files)
    keys = [key for name in ("mail", "call") for key, _ in texts_under(TEXTS.node(name), name)]
    assert len(keys) > 20
    assert [key for key in keys if f'"{key}"' not in used] == []
