"""The three repairs of `bot/rasa_server.py`, each seen from outside, over HTTP."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.supervisor import ROOT, rasa_python

if TYPE_CHECKING:
    from tests.servers.conftest import ActionServer, RasaServer

SECRET = "zebedee has rhabdomyosarcoma"

BAD_ANSWERS = {
    "server error": (500, b'{"error": "zebedee has rhabdomyosarcoma"}'),
    "no JSON": (200, b"zebedee has rhabdomyosarcoma"),
    "wrong shape": (200, b'{"events": "zebedee has rhabdomyosarcoma", "responses": []}'),
    "unknown slot": (
        200,
        b'{"events": [{"event": "slot", "name": "nobody", "value": "zebedee has rhabdomyosarcoma"}],'
        b' "responses": []}',
    ),
    "rejected": (400, b'{"error": "zebedee has rhabdomyosarcoma", "action_name": "action_interview"}'),
}


@contextmanager
def locked(rasa: RasaServer, how: str) -> Iterator[None]:
    """Hold the tracker's database, as another program or a full disk would."""
    holder = sqlite3.connect(rasa.database, isolation_level=None)
    holder.execute(f"BEGIN {how}")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


def stored_texts(rasa: RasaServer, sender: str) -> list[str]:
    with sqlite3.connect(rasa.database) as database:
        rows = database.execute(
            "SELECT data FROM events WHERE sender_id = ? AND type_name = 'user'", (sender,)
        )
        return [json.loads(data)["text"] for (data,) in rows]


def test_a_turn_reaches_the_action_and_comes_back(rasa: RasaServer) -> None:
    answer = rasa.say("he is seven", sender="whole-turn")
    assert answer.status_code == 200
    (said,) = answer.json()
    assert said["custom"]["messages"] == [{"text": "How old?"}]
    assert stored_texts(rasa, "whole-turn") == ["he is seven"]


@pytest.mark.parametrize(
    "text", ["xq zzv", "🙂🙂", "<b>hi</b>", "x" * 5000, "\x07\x00", "他今年七岁", "...", "nlu_fallback"]
)
def test_no_message_is_met_by_silence(rasa: RasaServer, text: str) -> None:
    answer = rasa.say(text, sender="odd")
    assert [said["custom"]["state"]["phase"] for said in answer.json()] == ["interview"]


@pytest.mark.parametrize("how", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_locked_tracker_fails_the_turn_and_nothing_else(rasa: RasaServer, how: str) -> None:
    sender = f"locked-{how}"
    rasa.say("she is four", sender=sender)
    with locked(rasa, how):
        answer = rasa.say(SECRET, sender=sender)
    assert answer.status_code == 500
    assert answer.json() == {"error": "turn_failed"}
    # What was told before is still there, and the chat goes on.
    assert rasa.say("chemo ended in may", sender=sender).status_code == 200
    assert stored_texts(rasa, sender) == ["she is four", "chemo ended in may"]
    assert "OperationalError" in rasa.log()
    assert "zebedee" not in rasa.log()


@pytest.mark.parametrize("kind", BAD_ANSWERS)
def test_a_bad_answer_of_the_action_server_is_an_empty_turn(
    rasa: RasaServer, action_server: ActionServer, kind: str
) -> None:
    action_server.next.append(BAD_ANSWERS[kind])
    answer = rasa.say(SECRET, sender=f"bad {kind}")
    assert not any("custom" in said for said in (answer.json() if answer.status_code == 200 else []))
    assert rasa.say("still there?", sender=f"bad {kind}").json()[0]["custom"]


def test_the_log_holds_no_words_of_a_family_whatever_happens(
    rasa: RasaServer, action_server: ActionServer
) -> None:
    action_server.next.extend(BAD_ANSWERS.values())
    for _ in BAD_ANSWERS:
        rasa.say(SECRET, sender="log")
    for text in (
        f"/{SECRET}",
        f'/inform{{"age": "{SECRET}"}}',
        f"/restart {SECRET}",
        [SECRET],
        {"a": SECRET},
        None,
    ):
        rasa.say(text, sender="log")
    malformed = f'{{"sender": "log", "message": "{SECRET}"'
    headers = {"Content-Type": "application/json"}
    post = httpx.post(
        f"{rasa.url}/webhooks/rest/webhook", content=malformed, headers=headers, trust_env=False
    )
    assert post.status_code >= 400
    assert "zebedee" not in post.text
    missing = httpx.get(f"{rasa.url}/zebedee", trust_env=False)
    assert missing.status_code == 404
    assert "zebedee" not in missing.text
    log = rasa.log()
    # It does log: at its most talkative level, hundreds of lines, each of them a place and no more.
    assert "processor.message.parse" in log
    assert "zebedee" not in log.lower()
    assert "rhabdo" not in log.lower()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {key for line in lines for key in line} <= {"event", "level", "where", "error", "at"}


def test_the_schema_is_compiled_once_and_still_enforced() -> None:
    """Counted in Rasa's own environment, since a time would depend on the machine."""
    program = """
import jsonschema
from bot.rasa_server import compile_answer_schema_once
from rasa.core.actions.action import RemoteAction

compile_answer_schema_once()
compiled = []
jsonschema.validate = lambda *a, **k: compiled.append(a)
jsonschema.validators.validator_for({}).check_schema = classmethod(lambda *a, **k: compiled.append(a))
action = RemoteAction("action_interview", None)
slot = {"event": "slot", "name": "age", "value": {"months": [84, 95]}}
for _ in range(3):
    assert action._validate_action_result({"events": [slot], "responses": [{"custom": {}}]})
assert not compiled
for bad in ({"events": "none"}, {"responses": ["text"]}, []):
    try:
        action._validate_action_result(bad)
    except jsonschema.ValidationError:
        continue
    raise SystemExit(f"accepted {bad}")
"""
    done = subprocess.run(
        [str(rasa_python()), "-W", "ignore", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_api_of_rasa_is_not_there(rasa: RasaServer) -> None:
    for path in ("conversations/family-1/tracker", "model/parse", "status", "domain"):
        assert httpx.get(f"{rasa.url}/{path}", trust_env=False).status_code == 404
