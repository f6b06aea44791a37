"""Ways through the pages after the verdict, as a browser without scripts goes them."""

import html
import re
from typing import Any

import httpx
from fastapi.testclient import TestClient

NOTE = "ask about the giraffe in Zanzibar"
"""What the family of the fixture has noted."""


def form_for(page: httpx.Response, action: str) -> dict[str, str]:
    """The hidden fields of the page's form that goes there."""
    written = [
        one for one in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if f'action="{action}"' in one
    ]
    assert written, f"no form goes to {action}"
    tags = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', written[0])
    return {name: html.unescape(value) for name, value in tags}


def press(web: TestClient, page: httpx.Response, action: str, **typed: str) -> httpx.Response:
    """Press the button of the form that goes there."""
    return web.post(action, data=form_for(page, action) | typed)


def words_of(page: httpx.Response) -> str:
    """The words of a page."""
    return html.unescape(page.text)


def open_hub(web: TestClient, session: str, **fields: str) -> httpx.Response:
    return web.post("/after", data={"session": session, **fields})


def share(web: TestClient, session: str, **fields: str) -> tuple[str, str]:
    """Make a link on the usual way; its path and its passcode."""
    shown = press(web, press(web, open_hub(web, session), "/after/doctor", **fields), "/after/doctor/link")
    assert shown.status_code == 200
    return link_and_passcode(shown)


def link_and_passcode(page: httpx.Response) -> tuple[str, str]:
    path = re.search(r'href="(/doctor/[a-z0-9]+)"', page.text)
    passcode = re.search(r'class="reference">([\d ]+)<', page.text)
    assert path is not None
    assert passcode is not None
    return path[1], passcode[1]


def hold_off(web: Any) -> None:
    """Answers to passcodes need not take their time in a test."""
    web.app.state.doctor_page.answer_after = 0


def opened(web: TestClient, path: str, passcode: str) -> Any:
    return web.post(path, data={"passcode": passcode})
