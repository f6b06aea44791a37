"""Handing a mail over to a real mail server, on good days and bad ones: what may be done after."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.leads.intake import Contact
from bot.leads.mail import send
from bot.leads.mail.handover import Patience
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Fate, Outcome
from tests.leads.mail_server import (
    CONTACT,
    WEBHOOK_ID,
    MailServer,
    body,
    certificate,
    hang_up,
    job,
    keep_waiting,
    read,
)

SHORT = Patience(answer=0.3, taken=0.3, whole=10)


@contextmanager
def running(**more: Any) -> Iterator[MailServer]:
    started = MailServer(**more)
    started.start()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running() as started:
        yield started


def assert_tells_nobody(outcome: Outcome) -> None:
    """Staff read it in the inbox, logs hold it: no contact, no word of the server."""
    assert len(outcome.text) <= 200
    for secret in ("@", "zarrabeth", "quillonia", "hospital", "127.0.0.1", "mailbox"):
        assert secret not in outcome.text.lower()


def test_mail_reaches_the_server(server: MailServer, screening: dict[str, Any]) -> None:
    outcome = send(job(Kind.FAMILY_COPY, screening), server.settings())
    assert outcome == Outcome(Fate.TAKEN, "taken by the mail server (SMTP 250)", 250)
    ((sender, recipients, _),) = server.got
    assert sender == "chat@hospital.example"
    assert recipients == [CONTACT.email]


@pytest.mark.parametrize(
    ("step", "answer", "fate"),
    [
        ("sender", "451 come again", Fate.AGAIN),
        ("sender", "553 no", Fate.PERSON),
        ("recipient", "450 quillonia@zarrabeth.example is greylisted", Fate.AGAIN),
        ("recipient", "550 no mailbox quillonia@zarrabeth.example", Fate.PERSON),
        ("taken", "452 disk full", Fate.AGAIN),
        ("taken", "554 quillonia@zarrabeth.example looks like spam", Fate.PERSON),
    ],
)
def test_refusals(server: MailServer, screening: dict[str, Any], step: str, answer: str, fate: Fate) -> None:
    server.answers = {step: answer}
    outcome = send(job(Kind.FAMILY_COPY, screening), server.settings())
    assert outcome.fate == fate
    assert outcome.status == int(answer[:3])
    assert_tells_nobody(outcome)
    assert server.got == []


def test_message_id_stays_the_same_over_all_tries(server: MailServer, screening: dict[str, Any]) -> None:
    copy = job(Kind.FAMILY_COPY, screening)
    server.after_text = hang_up
    assert send(copy, server.settings()).fate == Fate.UNKNOWN
    server.after_text = None
    assert send(copy, server.settings()).fate == Fate.TAKEN
    ids = [read(content)["Message-ID"] for _, _, content in server.got]
    assert ids == [f"<{WEBHOOK_ID}@hospital.example>"] * 2


@pytest.mark.parametrize("after_text", [hang_up, keep_waiting])
def test_no_answer_after_the_text_may_mean_sent(
    server: MailServer, screening: dict[str, Any], after_text: Callable[[Any], Any]
) -> None:
    server.after_text = after_text
    outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(), SHORT)
    assert outcome.fate == Fate.UNKNOWN
    assert_tells_nobody(outcome)


def test_nonsense_after_the_text_may_mean_sent(server: MailServer, screening: dict[str, Any]) -> None:
    server.answers = {"taken": "350 what?"}
    assert send(job(Kind.FAMILY_COPY, screening), server.settings()).fate == Fate.UNKNOWN


class _Script(socketserver.ThreadingTCPServer):
    """Says one line for each that it hears, and then nothing more, or hangs up."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, lines: list[bytes], then: str) -> None:
        super().__init__(("127.0.0.1", 0), _Saying)
        self.lines, self.then = lines, then
        self.over, self.cut_off = threading.Event(), threading.Event()

    @property
    def port(self) -> str:
        return str(self.server_address[1])


class _Saying(socketserver.StreamRequestHandler):
    server: _Script

    def handle(self) -> None:
        for number, line in enumerate(self.server.lines):
            if number:
                self.rfile.readline()
            self.wfile.write(line)
        if self.server.then == "drips":
            # Never a whole line, and never long without a sign.
            for _ in range(200):
                if self.server.over.wait(0.05):
                    return
                try:
                    self.wfile.write(b"2")
                except OSError:
                    self.server.cut_off.set()
                    return
        elif self.server.then == "waits":
            self.server.over.wait()


@contextmanager
def scripted(*lines: bytes, then: str) -> Iterator[_Script]:
    script = _Script(list(lines), then)
    thread = threading.Thread(target=script.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        script.over.set()
        script.shutdown()
        script.server_close()
        thread.join()


@pytest.mark.parametrize("then", ["waits", "hangs up"])
@pytest.mark.parametrize("lines", [0, 1, 2, 3, 4])
def test_silence_before_the_text_is_over_means_not_sent(
    server: MailServer, screening: dict[str, Any], lines: int, then: str
) -> None:
    said = [b"220 hello\r\n", b"250 mail.example\r\n", b"250 ok\r\n", b"250 ok\r\n"]
    with scripted(*said[:lines], then=then) as other:
        outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SMTP_PORT=other.port), SHORT)
    assert outcome.fate == Fate.AGAIN
    assert_tells_nobody(outcome)


@pytest.mark.parametrize("greeting", [b"421 too busy\r\n", b"554 not for you\r\n", b"SSH-2.0-x\r\n"])
def test_greeting_that_is_none(server: MailServer, screening: dict[str, Any], greeting: bytes) -> None:
    with scripted(greeting, then="hangs up") as other:
        outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SMTP_PORT=other.port), SHORT)
    assert outcome.fate == (Fate.PERSON if greeting.startswith(b"554") else Fate.AGAIN)


def test_server_that_drips_is_cut_off(server: MailServer, screening: dict[str, Any]) -> None:
    patience = Patience(answer=5, taken=5, whole=0.5)
    with scripted(b"220 hello\r\n", then="drips") as other:
        outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SMTP_PORT=other.port), patience)
        assert outcome.fate == Fate.AGAIN
        assert other.cut_off.wait(8)


def test_nobody_listens(server: MailServer, screening: dict[str, Any]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = str(free.getsockname()[1])
    outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SMTP_PORT=closed))
    assert outcome == Outcome(Fate.AGAIN, "not sent: mail server not reached (ConnectionRefusedError)")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_line_with_a_trusted_certificate(
    screening: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    trusted, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    how: dict[str, Any] = {"ssl_context": context}
    if security == "starttls":
        how = {"tls_context": context, "require_starttls": True}
    with running(**how) as server:
        outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SMTP_SECURITY=security))
        assert outcome.fate == Fate.TAKEN
        assert len(server.got) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["unknown", "name"])
def test_certificate_that_is_not_trusted_gets_nothing(
    screening: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, wrong: str
) -> None:
    trusted, context = certificate(tmp_path, "mail.other.example" if wrong == "name" else "127.0.0.1")
    if wrong == "name":
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    how: dict[str, Any] = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    with running(**how) as server:
        outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SMTP_SECURITY=security))
        assert outcome == Outcome(Fate.AGAIN, "not sent: the mail server's certificate is not trusted")
        assert server.got == []


def test_line_that_can_not_be_encrypted_gets_nothing(server: MailServer, screening: dict[str, Any]) -> None:
    outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SMTP_SECURITY="starttls"))
    assert outcome == Outcome(Fate.PERSON, "not sent: the mail server can't do what is needed (STARTTLS)")
    assert server.got == []


@pytest.mark.parametrize(
    ("password", "answer", "fate"),
    [
        ("right", None, Fate.TAKEN),
        ("wrong", None, Fate.PERSON),
        ("wrong", "454 4.7.0 Temporary authentication failure", Fate.AGAIN),
        ("kein Paßwort", None, Fate.PERSON),
    ],
)
def test_log_in(screening: dict[str, Any], password: str, answer: str | None, fate: Fate) -> None:
    with running(auth_require_tls=False) as server:
        server.SMTP_kwargs["authenticator"] = server.authenticator
        if answer:
            server.answers["log-in"] = answer
        set_so = server.settings(SMTP_USER="chat", SMTP_PASSWORD=password)
        outcome = send(job(Kind.FAMILY_COPY, screening), set_so)
        assert outcome.fate == fate
        assert password not in outcome.text
        assert len(server.got) == (fate == Fate.TAKEN)


def test_log_in_that_the_server_does_not_offer(server: MailServer, screening: dict[str, Any]) -> None:
    outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SMTP_USER="a", SMTP_PASSWORD="b"))
    assert outcome == Outcome(Fate.PERSON, "not sent: the mail server can't do what is needed (log-in)")


def test_line_that_begins_with_a_dot_ends_nothing(server: MailServer, screening: dict[str, Any]) -> None:
    site = "x" * 40 + " . . ... .\n.\n..hidden\n.\nEND"
    outcome = send(job(Kind.FAMILY_COPY, screening), server.settings(SITE_NAME=site))
    assert outcome.fate == Fate.TAKEN
    assert site in body(server.mail())


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("jürgen@mail.example", "jürgen@mail.example"),
    ],
)
def test_addresses_in_other_letters(
    server: MailServer, screening: dict[str, Any], address: str, written: str
) -> None:
    outcome = send(job(Kind.FAMILY_COPY, screening, Contact("A", "L", address, "")), server.settings())
    assert outcome.fate == Fate.TAKEN
    assert server.got[0][1] == [written]
    assert server.mail()["To"] == written


def test_address_in_other_letters_where_the_server_knows_only_ascii(screening: dict[str, Any]) -> None:
    with running(enable_SMTPUTF8=False) as server:
        contact = Contact("A", "L", "jürgen@mail.example", "")
        outcome = send(job(Kind.FAMILY_COPY, screening, contact), server.settings())
        assert outcome.fate == Fate.PERSON
        assert server.got == []


def test_without_a_mail_server_the_mail_waits(server: MailServer, screening: dict[str, Any]) -> None:
    set_so = server.settings(SMTP_HOST="", SITE_MAIL="", SITE_ESCALATION_MAIL="")
    outcome = send(job(Kind.FAMILY_COPY, screening), set_so)
    assert outcome == Outcome(Fate.AGAIN, "not sent: no SMTP_HOST is set")
