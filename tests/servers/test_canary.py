"""Distinctive words go through a whole life of the program, with faults and crashes; then all is searched.

Contact details may be in the messages that are meant for them, and nowhere else in the clear. What a family
told in the chat may be in Rasa's tracker database until it is purged or erased, and nowhere else, ever.
"""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from bot.supervisor import ROOT, start_stack
from bot.supervisor.children import Child
from tests.leads.mail_server import MailServer
from tests.servers.canaries import Hit, Search
from tests.servers.canary_family import CHAT_CONTACT, CONTACT, ERASED, STORY, Family
from tests.servers.canary_outside import Site, Watch, answering, kill, request_waits, serving
from tests.servers.conftest import wait_for

if TYPE_CHECKING:
    from bot.supervisor import Stack
    from tests.servers.conftest import Program

ALL = (*CONTACT, *CHAT_CONTACT, *STORY, *ERASED)

# An action server whose step fails as a mistake of ours would: with the family's words in the error, first
# inside the action's own net, then outside it.
BROKEN_ACTIONS = """
import actions.interview as ours
from actions.__main__ import main

run, calls = ours.ActionInterview.run, []

async def broken_step(self, tracker):
    raise ValueError("cannot read " + str(tracker.latest_message))

async def broken_run(self, dispatcher, tracker, domain):
    calls.append(1)
    if len(calls) == 1:
        return await run(self, dispatcher, tracker, domain)
    raise RuntimeError("cannot read " + str(tracker.latest_message))

ours.ActionInterview._step = broken_step
ours.ActionInterview.run = broken_run
main()
"""

PURGE_TOMORROW = """
from datetime import timedelta
from bot.leads.clock import now
from bot.leads.retention import purge

report = purge(at=now() + timedelta(hours=25))
print(report)
assert report.conversations == 1 and report.unswept == 0, report
"""

BAD_ANSWERS: list[Callable[[str], tuple[int, bytes]]] = [
    lambda words: (200, words.encode()),
    lambda words: (500, json.dumps({"error": words}).encode()),
    lambda words: (200, json.dumps([{"custom": {"messages": [{"text": [words]}], "state": words}}]).encode()),
    lambda words: (200, json.dumps([{"recipient_id": words, "text": words}]).encode()),
]

BAD_ACTIONS: list[Callable[[str], tuple[int, bytes]]] = [
    lambda words: (200, words.encode()),
    lambda words: (400, json.dumps({"error": words, "action_name": "action_interview"}).encode()),
    lambda words: (200, json.dumps({"events": words, "responses": [{"custom": words}]}).encode()),
]


def environment(home: Path, site: int, mail: int) -> dict[str, str]:
    """A site that has everything, at the loudest log level, with little patience."""
    return {
        "PRESCREEN_TODAY": "2026-11-22",
        "LOG_LEVEL": "DEBUG",
        "LOG_LEVEL_LIBRARIES": "DEBUG",
        # What programs put aside lies where it is searched.
        "TMPDIR": str(home.parent / "temporary"),
        "DATABASE_URL": f"sqlite:///{home / 'prescreen.db'}?timeout=1",
        "TRACKER_DATABASE_URL": f"sqlite:///{home / 'tracker.db'}?timeout=1",
        "RASA_TIMEOUT": "15",
        "SITE_NAME": "Example Hospital",
        "SITE_FORM_URL": f"http://127.0.0.1:{site}/leads",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "chat@hospital.example",
        "SITE_MAIL": "team@hospital.example",
        "SITE_ESCALATION_MAIL": "head@hospital.example",
    }


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def child(stack: Stack, name: str) -> Child:
    return next(each for each in stack.children if each.name == name)


def again(stack: Stack, name: str, script: str | None = None) -> Child:
    """The dead child once more, as it was started, or with a script of the test's in its place."""
    old = child(stack, name)
    old.reap()
    command, env = stack_commands[id(old)]
    if script is not None:
        command = [command[0], "-c", script, *command[3:]]
    new = Child(name, command, env, old.log, stack.keeper)
    stack_commands[id(new)] = stack_commands[id(old)]
    stack.children[stack.children.index(old)] = new
    return new


#: How each child was started: once it is dead, the system no longer tells.
stack_commands: dict[int, tuple[list[str], dict[str, str]]] = {}


def remember_commands(stack: Stack) -> None:
    for each in stack.children:
        folder = Path(f"/proc/{each.process.pid}")
        command = (folder / "cmdline").read_text().rstrip("\0").split("\0")
        variables = (folder / "environ").read_text().rstrip("\0").split("\0")
        stack_commands[id(each)] = command, dict(one.split("=", 1) for one in variables if "=" in one)


def healthy(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=5).status_code < 500
    except httpx.HTTPError:
        return False


@contextmanager
def in_the_middle_of_a_turn(stack: Stack, family: Family, words: str) -> Iterator[Future[int]]:
    """Inside the block a message has come as far as the action server, which does not read it yet."""
    action = child(stack, "action server")
    action.signal_group(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        status = pool.submit(family.try_to_say, words)
        wait_for("the turn to reach the action", lambda: request_waits(port_of(stack.actions_url)))
        yield status
        if not action.is_dead():
            action.signal_group(signal.SIGCONT)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold a database as another program would."""
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")


def crash_each_process(stack: Stack, family: Family) -> None:
    """Action server, Rasa and web process die in the middle of a turn each; the worker dies, too."""
    remember_commands(stack)
    actions, rasa = port_of(stack.actions_url), port_of(stack.rasa_url)
    with in_the_middle_of_a_turn(stack, family, STORY[2]) as status:
        kill(child(stack, "action server").process.pid)
        assert status.result(60) == 503
    again(stack, "action server", BROKEN_ACTIONS)
    wait_for("the broken action server", lambda: healthy(stack.actions_health))
    assert [family.try_to_say(STORY[3]) for _ in range(2)] == [503, 503]
    said = child(stack, "action server").log.read_text()
    assert "a step of the interview failed: ValueError" in said
    assert "RuntimeError" in said
    kill(child(stack, "action server").process.pid)
    child(stack, "action server").reap()
    with serving(answering(BAD_ACTIONS), actions):
        assert [family.try_to_say(STORY[3]) for _ in BAD_ACTIONS] == [503] * len(BAD_ACTIONS)
    again(stack, "action server")
    wait_for("the action server", lambda: healthy(stack.actions_health))

    with in_the_middle_of_a_turn(stack, family, STORY[4]) as status:
        kill(child(stack, "Rasa").process.pid)
        assert status.result(60) == 503
    child(stack, "Rasa").reap()
    with serving(answering(BAD_ANSWERS), rasa):
        assert [family.try_to_say(STORY[5]) for _ in BAD_ANSWERS] == [503] * len(BAD_ANSWERS)

    asked, over = threading.Event(), threading.Event()

    def hang(words: str) -> tuple[int, bytes]:
        asked.set()
        over.wait(60)
        return 500, b""

    with serving(answering([hang]), rasa), ThreadPoolExecutor(1) as pool:
        status = pool.submit(family.try_to_say, STORY[5])
        assert asked.wait(60)
        kill(child(stack, "web").process.pid)
        assert status.result(60) == 0
        over.set()
    kill(child(stack, "worker").process.pid)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


def test_words_are_nowhere_but_where_they_belong(
    program: Callable[..., Program], model: Path, tmp_path: Path, mail_server: MailServer
) -> None:
    home, search, site = tmp_path / "home", Search(ALL), Site()
    (tmp_path / "temporary").mkdir()
    family, other = Family(), Family()

    def only_in_the_tracker(moment: str, must: tuple[str, ...], may: tuple[str, ...]) -> None:
        """Every file is searched. What must be in the tracker shows that the search looks at it."""
        hits = search.hits_in_files([tmp_path])
        wrong = [hit for hit in hits if not hit.place.startswith("tracker.db") or hit.word not in may]
        assert wrong == [], moment
        assert set(must) <= {hit.word for hit in hits}, moment

    with serving(site.handler()) as site_port:
        env = environment(home, site_port, mail_server.port)
        watch = Watch(home)

        # The first life: answers, contact details in the chat, and each process dies.
        said: list[str] = []
        stack = start_stack(home, 0, env, models=model.parent, say=said.append)
        try:
            family.url = other.url = stack.url
            family.begins()
            other.tells_and_will_erase()
            crash_each_process(stack, family)
        finally:
            stack.stop()
        only_in_the_tracker("after the crashes", (*STORY[:2], *ERASED), STORY + ERASED)

        # The second life, in the same home: locked databases, a verdict, the contact form, a failing site
        # and a failing mail server. The worker dies while the site keeps it waiting.
        site.next = ["fail", "reset", "hang"]
        mail_server.answers = {"taken": "451 Zephyrine, not now"}
        second = program(home, **env)
        second.wait_until_ready()
        family.url = other.url = second.url
        with locked(home / "tracker.db"):
            assert family.try_to_say(STORY[6]) == 503
        family.answers_until("activity")
        with locked(home / "prescreen.db"):
            assert family.answers()["state"]["stored"] is False
        family.asks_again_for_the_verdict()
        with locked(home / "prescreen.db"):
            assert family.sends_the_form() == 503
        assert family.sends_the_form() == 200
        wait_for("the site to hang", lambda: site.met == ["fail", "reset", "hang"])
        kill(second.member("bot.leads.outbox"))
        assert second.process.wait(60) == 1
        site.go_on.set()
        only_in_the_tracker("after the worker died", (*STORY[:2], STORY[7], *ERASED), STORY + ERASED)

        # The third: what waited arrives, one family erases her chat, a day passes.
        mail_server.answers = {}
        with closing(sqlite3.connect(home / "prescreen.db")) as database:
            long_ago = "2026-01-01 00:00:00.000000"
            database.execute("UPDATE deliveries SET claimed_until = ? WHERE state = 'sending'", (long_ago,))
            database.execute("UPDATE deliveries SET next_attempt = ?", (long_ago,))
            database.commit()
        third = program(home, **env)
        third.wait_until_ready()
        family.url = other.url = third.url
        wait_for("the lead to arrive", lambda: site.met[-1] == "take")
        wait_for("the mails to arrive", lambda: len(mail_server.got) == 2)
        other.erases()
        only_in_the_tracker("after erasing", (*STORY[:2], STORY[7]), STORY)
        purge = subprocess.run(
            [sys.executable, "-c", PURGE_TOMORROW],
            cwd=ROOT,
            env={**dict(one.split("=", 1) for one in environ_of(third)), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert purge.returncode == 0, purge.stderr
        only_in_the_tracker("after the purge", (), ())
        third.process.send_signal(signal.SIGTERM)
        assert third.process.wait(60) == 0
        only_in_the_tracker("at the end", (), ())

        seen = watch.end()
        assert all(command in seen for command in (b"bot.rasa_server", b"actions", b"bot.web", b"bot.leads"))
        told = "\n".join([*said, purge.stdout, purge.stderr]).encode()
        assert search.hits(seen, "processes") + search.hits(told, "what was printed") == []
        outside(search, site, mail_server)


def environ_of(running: Program) -> list[str]:
    variables = Path(f"/proc/{running.member('bot.web')}/environ").read_text().split("\0")
    return [one for one in variables if "=" in one]


def outside(search: Search, site: Site, mails: MailServer) -> None:
    """What left the machine: the lead's body and the family's copy may hold contact, nothing else may."""
    hits: list[Hit] = []
    for head in site.heads:
        hits += search.hits(head, "a request's head")
    for body in site.bodies:
        found = search.hits(body, "the lead")
        assert {hit.word for hit in found} == set(CONTACT)
    to_family = [mail for mail in mails.got if mail[1] == [CONTACT[2]]]
    to_site = [mail for mail in mails.got if mail[1] != [CONTACT[2]]]
    assert (len(to_family), len(to_site)) == (1, 1)
    for sender, recipients, content in to_site:
        hits += search.hits_in_mail(content, "the note to the site")
        hits += search.hits(" ".join([sender, *recipients]).encode(), "its envelope")
    for _, _, content in to_family:
        found = search.hits_in_mail(content, "the family's copy")
        assert {hit.word for hit in found} <= set(CONTACT)
    assert hits == []
    assert len({re.search(rb"webhook-id: (\S+)", head, re.IGNORECASE)[1] for head in site.heads}) == 1  # type: ignore[index]
