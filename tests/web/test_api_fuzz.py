"""The API against its own description, with requests that no page would send."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.core.transport import Response

from bot.settings import Settings
from bot.web.app import create_app
from tests.web.conftest import FakeRasa
from tests.web.serving import serving

EXAMPLES = 20
# The same requests in every run, and none of them kept in a folder of its own.
REPEATABLE = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def _description() -> dict[str, Any]:
    app = create_app(Settings.from_env({"SESSION_SECRET": "only to describe the API"}))
    return app.openapi()


described = schemathesis.openapi.from_dict(_description())


@pytest.fixture
def served(open_web: Callable[..., TestClient]) -> Iterator[tuple[TestClient, str]]:
    """The application without limits, which would hide everything else, on its real server."""
    web = open_web(CHAT_PER_MINUTE="0", ADDRESS_PER_MINUTE="0")
    with serving(web.app) as port:
        yield web, f"http://127.0.0.1:{port}"


def test_the_description_is_the_one_that_is_served(served: tuple[TestClient, str]) -> None:
    assert served[0].get("/api/openapi.json").json() == _description()


def test_what_stands_before_every_request_is_described() -> None:
    for path, methods in _description()["paths"].items():
        for method, operation in methods.items():
            expected = {"408", "413", "422", "429", "503"} if method == "post" else {"429", "503"}
            assert expected <= operation["responses"].keys(), f"{method} {path}"


def careful(response: Response) -> None:
    """What no check of schemathesis looks for: our one shape of errors, and nothing of the machine."""
    text = response.text
    for word in ("Traceback", 'File "', "sqlalchemy", "bot/", "Exception"):
        assert word not in text
    assert "content-security-policy" in response.headers
    if response.status_code >= 400 and "service" not in response.json():
        assert set(response.json()) == {"error"}
        assert set(response.json()["error"]) == {"code", "text"}
    if response.status_code in (429, 503) and "service" not in response.json():
        assert int(response.headers["retry-after"][0]) > 0


def with_session(case: Case, token: str) -> None:
    """Let a request reach what lies behind the check of the session."""
    told = case.body.get("session") if isinstance(case.body, dict) else None
    # One that is too long must stay so: it has to be refused.
    if isinstance(told, str) and len(told) <= 500:
        case.body["session"] = token


@described.parametrize()
@REPEATABLE
def test_every_answer_is_as_described(case: Case, served: tuple[TestClient, str]) -> None:
    response = case.call_and_validate(base_url=served[1])
    assert response.status_code < 500
    careful(response)


@described.parametrize()
@REPEATABLE
def test_within_a_chat_too(case: Case, served: tuple[TestClient, str], token: str) -> None:
    with_session(case, token)
    response = case.call_and_validate(base_url=served[1])
    assert response.status_code < 500
    careful(response)


@pytest.fixture
def token(served: tuple[TestClient, str]) -> str:
    web, _ = served
    return str(web.post("/api/chat", json={"session": None, "message": ""}).json()["session"])


ODD_RASA: dict[str, Callable[[dict[str, Any]], httpx.Response]] = {
    "refuses": lambda _: httpx.Response(500, text="Traceback (most recent call last)"),
    "mute": lambda _: httpx.Response(200, json=[]),
    "no json": lambda _: httpx.Response(200, text="<p>hello"),
    "other shape": lambda _: httpx.Response(200, json=[{"custom": {"messages": [], "state": {}}}]),
}


@pytest.mark.parametrize("how", [*ODD_RASA, "down"])
def test_whatever_rasa_does_the_answer_is_described(
    served: tuple[TestClient, str], rasa: FakeRasa, how: str
) -> None:
    if how == "down":
        rasa.up = False
    else:
        rasa.answer = ODD_RASA[how]
    operation = described["/api/chat"]["POST"]
    case = operation.Case(body={"session": None, "message": "hello"}, media_type="application/json")
    response = case.call(base_url=served[1])
    case.validate_response(response, excluded_checks=[schemathesis.checks.not_a_server_error])
    assert response.status_code == 503
    careful(response)
