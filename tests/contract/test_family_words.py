"""Words for families come from the texts: none stand in templates, in JavaScript or in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.approval.content import all_texts
from bot.texts import load_texts

ROOT = Path(__file__).parents[2]
WEB = ROOT / "bot" / "web"
TEMPLATES = [
    *sorted((WEB / "templates").glob("*.html")),
    *sorted((ROOT / "bot/leads/mail/templates").iterdir()),
]
SCRIPTS = sorted((WEB / "static").rglob("*.js"))
CODE = [
    path
    for folder in ("bot/interview", "bot/web", "bot/leads", "bot/texts", "actions")
    for path in sorted((ROOT / folder).rglob("*.py"))
    # FHIR's codes carry their own English; the site's systems read them.
    if not {"migrations", "fhir"} & set(path.parts)
]
KNOWN = {text for _, text in all_texts(load_texts("en"))}
SHOWN_ATTRIBUTES = r"(?:aria-label|aria-description|alt|title|placeholder|label|summary|data-label)"

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_MARKUP = re.compile(r"<style.*?</style>|<script.*?</script>|<!.*?>|<[^>]*>|&\w+;", re.DOTALL)
_BODY_CLASS = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}")
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
_IN_JINJA = re.compile(r"""\"([^"]*)\"|'([^']*)'""")
_WORDS = re.compile(r"[^\W\d_]+ [^\W\d_]+")
# Strings of JavaScript, line by line; what is interpolated into one is code again.
_JS_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`')


def words_of_template(text: str) -> Iterator[str]:
    """What a template shows by itself: words between its tags, in shown attributes, or within its code."""
    bare = _JINJA.sub(" ", _BODY_CLASS.sub(" ", text))
    yield from re.findall(r"[^\W\d_]{2,}", _ATTRIBUTE.sub(" ", _MARKUP.sub(" ", bare)))
    yield from re.findall(rf'\b{SHOWN_ATTRIBUTES}="[^"]*?[^\W\d_]{{2,}}[^"]*"', bare)
    for code in _JINJA.findall(text):
        if not code.startswith("{#"):
            yield from (found for pair in _IN_JINJA.findall(code) for found in pair if reads_as_words(found))


def strings_of_script(text: str) -> Iterator[str]:
    """The strings of a script, comments aside."""
    text = re.sub(r"(?m)^\s*//.*$", "", text)
    for found in _JS_STRING.finditer(text):
        yield next(part for part in found.groups() if part is not None)


def reads_as_words(text: str) -> bool:
    """Whether a string is a sentence or a title, and no selector, style or code."""
    if re.search(r"[{};<>=$]|--|::|\b\w+\(", text):
        return False
    return bool(re.match(r"[A-Z]", text) and _WORDS.search(text))


def strings_of_code(text: str) -> Iterator[str]:
    """The strings of a module that could be shown: no docstrings, errors, logs, and no types."""
    tree = ast.parse(text)
    aside: set[int] = set()
    for node in ast.walk(tree):
        first = getattr(node, "body", [None])
        if isinstance(first, list) and first and isinstance(first[0], ast.Expr):
            aside |= {id(part) for part in ast.walk(first[0])}
        if isinstance(node, ast.Raise | ast.Assert) or (isinstance(node, ast.Expr) and not called(node)):
            aside |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Dict):
            # What the API's description says of its answers.
            named = zip(node.keys, node.values, strict=True)
            aside |= {id(value) for key, value in named if getattr(key, "value", "") == "description"}
        if isinstance(node, ast.Call) and called_name(node) in NOT_SHOWN:
            aside |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.value


NOT_SHOWN = {
    *("debug", "info", "warning", "error", "exception", "print", "Field", "FastAPI", "ArgumentParser"),
    *("SettingsError", "StackError", "NotToBeSent", "text", "compile", "exec_driver_sql"),
}
"""Functions whose strings no family is shown: logs, errors, the command line, the API's description, SQL."""


def called(node: ast.Expr) -> bool:
    return isinstance(node.value, ast.Call)


def called_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_templates_hold_no_words(path: Path) -> None:
    assert list(words_of_template(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.name for path in SCRIPTS])
def test_scripts_hold_no_words_but_those_of_the_texts(path: Path) -> None:
    found = [text for text in strings_of_script(path.read_text(encoding="utf-8")) if reads_as_words(text)]
    assert [text for text in found if text not in KNOWN] == []


@pytest.mark.parametrize("path", CODE, ids=[str(path.relative_to(ROOT)) for path in CODE])
def test_code_holds_no_words(path: Path) -> None:
    found = [text for text in strings_of_code(path.read_text(encoding="utf-8")) if reads_as_words(text)]
    assert found == []


def test_words_in_a_template_are_found() -> None:
    for template in (
        "<p>Hello</p>",
        '<p aria-label="Your answer">{{ say("web.chat.box") }}</p>',
        '{{ "Not a match" if x else say("a.b") }}',
        "{% if x %}No, thanks{% endif %}",
    ):
        assert list(words_of_template(template)), template
    assert not list(words_of_template('{# A remark. #}<p class="big one">← {{ say("a.b") }} · &amp;</p>'))


def test_words_in_a_script_or_in_code_are_found() -> None:
    assert any(map(reads_as_words, strings_of_script('row.textContent = "Please wait a moment";')))
    assert not any(
        map(reads_as_words, strings_of_script('// It\'s "Not shown here".\nroot.append("main.chat p");'))
    )
    assert any(
        map(
            reads_as_words,
            strings_of_code('def f():\n    """Doc here."""\n    return "Please wait a moment."'),
        )
    )
    assert not any(
        map(reads_as_words, strings_of_code('"""A module."""\nraise ValueError("This is an error.")'))
    )


def test_no_month_or_weekday_is_put_into_words_by_the_locale() -> None:
    for path in CODE:
        assert not re.search(r"%[AaBb]\b", path.read_text(encoding="utf-8")), path
