"""Markdown, HTML, PDF and JSON: the same script, whole, in four forms."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bot.approval.keeping import read_script
from bot.script import pdf
from bot.script.document import Line, Script
from bot.script.html import as_html
from bot.script.markdown import as_markdown
from bot.script.pdf import as_pdf
from bot.script.plain import as_json, grade_table
from bot.texts import load_texts

ROOT = Path(__file__).parents[2]


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("form", [as_markdown, as_html, as_json], ids=["md", "html", "json"])
def test_the_content_and_its_hash_are_in_each_form(script: Script, form: object, tmp_path: Path) -> None:
    assert callable(form)
    path = tmp_path / "script"
    path.write_text(form(script), encoding="utf-8")
    assert read_script(path) == script.content
    assert script.hash in path.read_text(encoding="utf-8")


def test_every_text_can_be_read_in_the_html(script: Script) -> None:
    seen = squeezed(unescape(re.sub(r"<[^>]*>", " ", as_html(script))))
    for part in script.parts:
        for line in part.lines():
            assert line.name in seen
            assert all(squeezed(text) in seen for _, text in line.voices), line.name


def test_every_text_can_be_read_in_the_markdown(script: Script) -> None:
    seen = squeezed(re.sub(r"(?m)^> ?", "", re.sub(r"\\(.)", r"\1", as_markdown(script))))
    for part in script.parts:
        for line in part.lines():
            assert f"`{line.name}`" in seen
            assert all(squeezed(text) in seen for _, text in line.voices), line.name


def test_the_html_is_one_file_without_script_or_anything_to_load(script: Script) -> None:
    page = as_html(script)
    assert not re.search(
        r"<(script|link|img|iframe|object|embed|base)\b|\bsrc=|@import|url\(|https?://\S+\.js", page
    )
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", page))


def test_words_of_a_text_never_become_markup(script: Script) -> None:
    odd = Line("en:odd", "f", (("", "<b>*bold*</b> [link](x) `code`"),), None)
    changed = replace(script, parts=(replace(script.parts[1], blocks=(odd,)),))
    assert "&lt;b&gt;*bold*&lt;/b&gt;" in as_html(changed)
    assert r"\<b\>\*bold\*\</b\> \[link\](x) \`code\`" in as_markdown(changed)


def test_the_json_tells_section_file_and_grade(script: Script) -> None:
    told = json.loads(as_json(script))
    [questions] = [section for section in told["sections"] if section["id"] == "questions"]
    [age] = [text for text in questions["texts"] if text["name"] == "en:questions.age.ask"]
    assert age["file"] == "bot/texts/en.yml"
    assert age["voices"]["patient"] == "How old are you?"
    assert isinstance(age["grade"], float)
    assert told["hash"] == script.hash


def test_the_pdf_is_tagged_outlined_and_the_same_every_time(script: Script) -> None:
    made = as_pdf(script)
    assert made == as_pdf(script)
    inside = made + b"".join(
        unpacked(stream) for stream in re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL)
    )
    for mark in (b"/StructTreeRoot", b"/Outlines", b"pdfuaid", b"NotoSansArabic", b"NotoSansSC"):
        assert mark in inside, mark


def test_a_text_that_no_font_can_show_is_named_in_the_pdf(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_: list[dict[str, Any]] = []
    really = pdf._compiled

    def watched(told: dict[str, Any]) -> bytes:
        made = really(told)
        set_.append(told)
        return made

    monkeypatch.setattr(pdf, "_compiled", watched)
    blocks = tuple(
        Line(f"en:a.{number}", "f", (("", text),), None)
        for number, text in enumerate(("Hello.", "สวัสดี ไทย", "对不起", "ไทย"))
    )
    as_pdf(replace(script, parts=(replace(script.parts[1], blocks=blocks),)))
    [told] = set_
    shown = [(block["name"], block["voices"][0][1]) for block in told["parts"][0]["blocks"]]
    gap = script.words.pdf_gap
    assert shown == [("en:a.0", "Hello."), ("en:a.1", gap), ("en:a.2", "对不起"), ("en:a.3", gap)]


def test_the_table_of_grades_in_the_docs_is_current(script: Script) -> None:
    """`make grades` writes it anew."""
    kept = (ROOT / "docs" / "reading-grades.md").read_text(encoding="utf-8")
    assert kept == grade_table(script, load_texts("en"))


def unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
