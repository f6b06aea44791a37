"""The links in mails: scanners that open them, wrong and old ones, one click, and what logs hold of them."""

import html
import logging
import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.models import SignUp
from tests.leads.signups import DAY, all_details, number_of, sign, signup
from tests.web.serving import serving
from tests.web.test_news import MAIL

ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def web(open_web: Callable[..., TestClient]) -> TestClient:
    return open_web(**MAIL)


@pytest.fixture
def links(web: TestClient) -> dict[str, str]:
    """The paths of both links of somebody who signed up."""
    (details,) = sign(open_store())
    return {"confirm": f"/news/confirm/{details.confirm}", "stop": f"/news/stop/{details.stop}"}


def confirmed() -> bool:
    return signup(open_store()).confirmed is not None


def test_scanners_that_open_links_change_nothing(web: TestClient, links: dict[str, str]) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        for path in links.values():
            web.request(method, path)
    assert not confirmed()
    assert number_of(open_store(), SignUp) == 1


@pytest.mark.parametrize("which", ["confirm", "stop"])
def test_a_link_opens_a_page_with_one_button(web: TestClient, links: dict[str, str], which: str) -> None:
    page = web.get(links[which])
    assert page.status_code == 200
    assert page.text.count("<button") == 1
    assert re.search(r'<form method="post">', page.text)
    assert '<meta name="robots" content="noindex">' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    # It tells neither who signed up nor whether anybody did.
    assert page.text == web.get(f"/news/{which}/nothing").text
    assert "zarrabeth" not in page.text


def test_pressing_the_button_says_yes(web: TestClient, links: dict[str, str]) -> None:
    done = web.post(links["confirm"])
    assert done.status_code == 200
    said = html.unescape(done.text)
    assert f"We write when {DAY:%B} {DAY.day}, {DAY.year} comes. Please do not stop, skip or delay" in said
    assert "when a study opens that may be a match" in said
    assert confirmed()
    # A second press, or the page loaded anew.
    assert web.post(links["confirm"]).text == done.text


@pytest.mark.parametrize("token", ["nothing", "..%2Fstop%2Fx", "%00", "a" * 5000, "ä", "'--"])
def test_wrong_links_do_nothing(web: TestClient, links: dict[str, str], token: str) -> None:
    assert web.post(f"/news/confirm/{token}").status_code in (404, 405)
    assert web.post(f"/news/stop/{token}").status_code in (200, 404)
    assert not confirmed()


def test_a_link_cut_short_is_not_said_to_have_stopped(web: TestClient, links: dict[str, str]) -> None:
    page = html.unescape(web.post(links["stop"][:-1]).text)
    assert "We have no sign-up for this link." in page
    assert "erased" not in page


def test_an_old_link_says_so(web: TestClient, links: dict[str, str]) -> None:
    with open_store().session() as session:
        session.execute(update(SignUp).values(created=now() - timedelta(hours=49)))
    page = web.post(links["confirm"])
    assert page.status_code == 404
    assert "This link does not work" in page.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ONE_CLICK.encode(), "application/x-www-form-urlencoded"),
        (
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (b"", ""),
    ],
)
def test_one_click_stops_without_a_page_a_cookie_or_a_log_in(
    web: TestClient, links: dict[str, str], content: bytes, kind: str
) -> None:
    web.post(links["confirm"])
    answer = web.post(links["stop"], content=content, headers={"content-type": kind} if kind else {})
    assert answer.status_code == 200
    assert "You get no more mails" in answer.text
    assert number_of(open_store(), SignUp) == 0
    # A mail program may press twice; and nothing brings the sign-up back.
    assert web.post(links["stop"], content=content).status_code == 200
    assert web.post(links["confirm"]).status_code == 404


@pytest.mark.parametrize("which", ["confirm", "stop"])
def test_a_store_that_fails_can_be_asked_again_and_logs_no_link(
    web: TestClient,
    links: dict[str, str],
    which: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(token: str) -> None:
        raise OperationalError(f"DELETE {token}", {}, Exception(token))

    with monkeypatch.context() as patch:
        patch.setattr(f"bot.web.news.{which}", fail)
        page = web.post(links[which])
    assert page.status_code == 503
    assert "Nothing has changed." in page.text
    assert page.text.count("<button") == 1
    assert links[which].rsplit("/", 1)[1] not in caplog.text
    assert web.post(links[which]).status_code == 200


def test_no_log_of_the_server_holds_a_link(
    web: TestClient, links: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Not even at its loudest: no path, no token, nobody's address."""
    caplog.set_level(logging.DEBUG)
    (details,) = all_details(open_store())
    for ours in ("httpx", "httpcore"):
        # The test's own client logs the address that it asks for.
        caplog.set_level(logging.WARNING, logger=ours)
    with (
        serving(web.app) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        for path in links.values():
            assert client.get(path).status_code == 200
            assert client.post(path).status_code == 200
            assert client.post(f"{path}%7f").status_code in (200, 404)
    for secret in (details.confirm, details.stop, details.email, "/news/"):
        assert secret not in caplog.text, secret
