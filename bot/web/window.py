"""The chat's window, and the loader by which a hospital's page opens it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment

from bot.texts import Texts, known_languages, load_texts
from bot.web import pages
from bot.web.files import PublicFile, give_out, public_file
from bot.web.schema import LONGEST_MESSAGE

router = APIRouter(include_in_schema=False)

# What the chat window's script says by itself.
_SCRIPT_TEXTS = (
    "you", "bot", "typing", "send", "send_choices", "choose_one", "choose_many", "again", "new", "offline",
    "slow", "erased", "contact", "resumed", "not_sent", "not_answered", "edit", "after", "why", "go_back",
    "human", "change", "changed", "leave", "left_one", "moved", "erased_elsewhere", "welcome_back",
    "not_me", "pick_age", "send_age", "pick_day", "send_day", "pick_ago", "send_ago", "day_ahead", "choose",
    "less_than_month", "month", "year",
)  # fmt: skip
# Filled in by the script, which alone knows the number.
_COUNTED = ("left", "months", "years")
_LOADER_TEXTS = ("open", "close", "frame", "opening", "new_window", "plain")
# The line on the hospital's page never changes, so its browsers ask again each hour; mostly nothing is new.
_AN_HOUR = "public, max-age=3600"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


@router.get("/chat")
async def chat_window(request: Request) -> HTMLResponse:
    """The chat itself; the widget shows it in an iframe, but it is a page of its own as well."""
    texts, settings = request.app.state.texts, request.app.state.settings
    said: dict[str, Any] = {name: texts.say(f"web.chat.{name}") for name in _SCRIPT_TEXTS}
    said |= {name: texts.say(f"web.chat.{name}", number="{number}") for name in _COUNTED}
    said["change_one"] = texts.say("web.chat.change_one", title="{title}")
    said["ago"] = texts.node("web.chat.ago")
    said["unavailable"] = texts.say("web.error.unavailable")
    # The page knows the reference, and puts it in.
    said["sent"] = texts.say("web.chat.sent", reference="{reference}")
    said["erased_sent"] = texts.say("web.chat.erased_sent", reference="{reference}", site=settings.site_name)
    return pages.page(
        request,
        "chat.html",
        said=said,
        longest=LONGEST_MESSAGE,
        named_links=pages.named_links(settings),
        notices=pages.notices(request),
        scripts=request.app.state.files.names("chat"),
    )


@router.get("/widget.js")
async def widget(request: Request) -> Response:
    """The loader that a hospital's page includes, with its words in every language there is."""
    return give_out(request, request.app.state.loader, _AN_HOUR)


@router.get("/widget.css")
async def widget_styles(request: Request) -> Response:
    """The loader's styles, for browsers that can't take them from the loader itself."""
    return give_out(request, request.app.state.files["widget.css"], _AN_HOUR)


def loader(templates: Environment, styles: str) -> PublicFile:
    """The loader's script, filled with its styles and with the words of each language that has them."""
    known = [texts for name in known_languages() if (texts := load_texts(name)).has("web.launcher")]
    words = {texts.language: _words(texts) for texts in known}
    return public_file(templates.get_template("widget.js").render(words=words, styles=styles), ".js")


def _words(texts: Texts) -> dict[str, str]:
    said = {name: texts.say(f"web.launcher.{name}") for name in _LOADER_TEXTS}
    return said | {"dir": "rtl" if texts.language in _RIGHT_TO_LEFT else "ltr"}
