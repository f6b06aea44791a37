"""Distinctive words go through a whole life of the program, with faults and crashes; then all is searched.

Contact details may be in the messages that are meant for them, and nowhere else in the clear. What a family
told in the chat may be in Rasa's tracker database until it is purged or erased, and nowhere else, ever.
"""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.supervisor import ROOT, start_stack
from tests.leads.mail_server import MailServer
from tests.servers.canaries import Hit, Search
from tests.servers.canary_crashes import crash_each_process, locked
from tests.servers.canary_family import CHAT_CONTACT, CONTACT, ERASED, STORY, Family
from tests.servers.canary_outside import Site, Watch, kill, serving
from tests.servers.conftest import wait_for

if TYPE_CHECKING:
    from tests.servers.conftest import Program

ALL = (*CONTACT, *CHAT_CONTACT, *STORY, *ERASED)

PURGE_TOMORROW = """
from datetime import timedelta
from bot.leads.clock import now
from bot.leads.retention import purge

report = purge(at=now() + timedelta(hours=25))
print(report)
assert report.conversations == 1 and report.unswept == 0, report
"""


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
    assert len({re.search(rb"webhook-id: (\S+)", head, re.IGNORECASE)[1] for head in site.heads}) == 1
