"""The script as one HTML file: no script, no picture, nothing to load."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.approval.keeping import comment
from bot.script.document import Script

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(script: Script) -> str:
    """The whole script; its content stands packed in a comment at the end."""
    return _ENVIRONMENT.get_template("template.html").render(
        script=script,
        rows=_rows,
        kind_of=lambda block: type(block).__name__,
        # Base64 in a comment: nothing in it can end the comment or be read as markup.
        comment=Markup(comment(script.content)),
    )


def _rows(rows: tuple[tuple[str, str], ...]) -> Markup:
    inside = Markup("\n").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in rows)
    return Markup("<dl>\n{}\n</dl>").format(inside)
