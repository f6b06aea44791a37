"""The script as PDF: tagged after PDF/UA, with an outline, page numbers, and the hash on every page.

Typst sets it. Its own fonts have Latin, Cyrillic and Vietnamese; two packages bring Arabic and Chinese. A
text with signs that none of the fonts has is never left out in silence: a sentence stands in its place.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from bot.script.document import Block, Line, Paragraph, Script

_TEMPLATE = Path(__file__).parent / "template.typ"
_FONT_PACKAGES = ("fontpkg_noto_sans_arabic", "pylopdf_fonts_zh_cn")
# How Typst names a text that no font can show.
_LACKING = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def as_pdf(script: Script) -> bytes:
    """The whole script on A4 pages; the same script gives the same bytes."""
    lacking: set[str] = set()
    while True:
        try:
            return _compiled(_told(script, lacking))
        except typst.TypstError as error:
            found = {sign for text in _LACKING.findall(error.diagnostic) for sign in _unescaped(text)}
            if not found - lacking:
                raise
            lacking |= found


def _unescaped(text: str) -> str:
    """A text as Typst's messages name it: signs that join with others stand there as \\u{e31}."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _compiled(told: dict[str, Any]) -> bytes:
    folders = [str(files(package)) for package in _FONT_PACKAGES]
    pdf: bytes = typst.compile(
        _TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=folders),
        sys_inputs={"script": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        # A day of its own would make another file of the same script.
        timestamp=datetime(2000, 1, 1, tzinfo=UTC),
    )
    return pdf


def _told(script: Script, lacking: set[str]) -> dict[str, Any]:
    """The script as plain data, without texts that the fonts cannot show."""
    return {
        "trial": script.trial,
        "title": script.title,
        "subtitle": script.subtitle,
        "intro": script.intro,
        "facts": script.facts,
        "facts_title": script.facts_title,
        "hash": script.hash,
        "words": asdict(script.words),
        "parts": [
            {
                "title": part.title,
                "about": part.about,
                "blocks": [_block(block, script, lacking) for block in part.blocks],
            }
            for part in script.parts
        ],
    }


def _block(block: Block, script: Script, lacking: set[str]) -> dict[str, Any]:
    kind = {"kind": type(block).__name__}
    if not isinstance(block, Line):
        told = asdict(block)
        if lacking & set(json.dumps(told, ensure_ascii=False)):
            return _block(Paragraph(script.words.pdf_gap), script, set())
        return kind | told
    settable = not any(lacking & set(text) for _, text in block.voices)
    if not settable:
        block = replace(block, voices=(("", script.words.pdf_gap),))
    grade = None if block.grade is None else f"{block.grade:.1f}"
    return kind | asdict(block) | {"grade": grade, "settable": settable}
