"""One POST to a site that behaves well or badly: what is known afterwards."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.leads.outbox.calling import Answer, Limits, post, same_place
from bot.leads.outbox.outcome import Fate, Outcome
from tests.leads.site_server import (
    Behaviour,
    Site,
    answers,
    answers_without_end,
    drips,
    hangs,
    hangs_up,
    resets,
)

# Long enough for a slow machine to connect and send, short enough to wait for.
SHORT = Limits(connect=2, read=0.3, whole=20)
HEADERS = {"Content-Type": "text/plain"}


def call(url: str, limits: Limits = SHORT) -> Answer | Outcome:
    return post(url, b"hello", HEADERS, limits)


def outcome_of(url: str, limits: Limits = SHORT) -> Outcome:
    outcome = call(url, limits)
    assert isinstance(outcome, Outcome)
    return outcome


@pytest.mark.parametrize("status", [200, 204, 302, 400, 500, 503])
def test_answers_come_back_as_they_are(site: Site, status: int) -> None:
    site.next = [answers(status)]
    assert call(site.url) == Answer(status, None, None)
    assert [(request.path, request.body) for request in site.got] == [("/form", b"hello")]


@pytest.mark.parametrize(
    ("behaviour", "limits", "words"),
    [
        (hangs, SHORT, "no answer in time"),
        (drips, Limits(connect=10, read=10, whole=2), "no answer in time"),
        (hangs_up, SHORT, "no answer: the connection broke off"),
        (resets, SHORT, "no answer: the connection broke off"),
    ],
)
def test_what_was_sent_and_not_answered_is_unknown(
    site: Site, behaviour: Behaviour, limits: Limits, words: str
) -> None:
    site.next = [behaviour]
    assert outcome_of(site.url, limits) == Outcome(Fate.UNKNOWN, words)
    # It did arrive, and nothing was repeated behind our back.
    assert len(site.got) == 1


@pytest.fixture
def untrusted(tmp_path: Path) -> ssl.SSLContext:
    """A server's side with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    moment = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def refusing_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_refused_connection_is_certainly_not_sent() -> None:
    outcome = outcome_of(f"http://127.0.0.1:{refusing_port()}/form")
    assert outcome.fate is Fate.AGAIN
    assert outcome.text == "not sent: the site can't be reached (ConnectionError)"


def test_a_name_that_nobody_knows_is_certainly_not_sent() -> None:
    assert outcome_of("http://nowhere.invalid/form").fate is Fate.AGAIN


def test_a_site_without_tls_gets_nothing_over_https(site: Site) -> None:
    outcome = outcome_of(site.url.replace("http:", "https:"))
    assert outcome.fate is Fate.AGAIN
    assert site.got == []


def test_a_handshake_without_end_is_cut_off() -> None:
    """A port that takes the connection and then never speaks TLS."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        outcome = outcome_of(
            f"https://127.0.0.1:{mute.getsockname()[1]}/form", Limits(connect=10, read=10, whole=0.3)
        )
    assert outcome.fate is Fate.AGAIN


def test_an_untrusted_certificate_gets_nothing(untrusted: ssl.SSLContext) -> None:
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            caller, _ = listener.accept()
            try:
                with untrusted.wrap_socket(caller, server_side=True) as secured:
                    seen.append(secured.recv(1000))
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        outcome = outcome_of(f"https://127.0.0.1:{listener.getsockname()[1]}/form")
        thread.join()
    assert outcome == Outcome(Fate.AGAIN, "not sent: the site's certificate is not trusted")
    assert seen in ([], [b""])


def test_an_address_that_is_none_is_certainly_not_sent() -> None:
    assert outcome_of("http://[bad/form").fate is Fate.AGAIN


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_within_the_site_keeps_the_post(site: Site, status: int) -> None:
    site.next = [answers(status, Location="/moved")]
    assert call(site.url) == Answer(200, None, None)
    assert [(request.path, request.body) for request in site.got] == [
        ("/form", b"hello"),
        ("/moved", b"hello"),
    ]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_would_become_a_get_is_not_followed(site: Site, status: int) -> None:
    site.next = [answers(status, Location="/moved")]
    assert call(site.url) == Answer(status, f"http://127.0.0.1:{site.port}/moved", None)
    assert len(site.got) == 1


def test_a_redirect_to_another_host_gets_nothing(site: Site) -> None:
    with Site() as other:
        for place in (f"http://localhost:{other.port}/form", other.url):
            site.next = [answers(307, Location=place)]
            outcome = outcome_of(site.url)
            assert outcome == Outcome(Fate.PERSON, "not taken: the site redirects to another host", 307)
        assert other.got == []


def test_redirects_in_circles_end(site: Site) -> None:
    site.next = [answers(307, Location="/form") for _ in range(10)]
    assert outcome_of(site.url) == Outcome(Fate.PERSON, "not taken: the site redirects in circles", 307)
    assert len(site.got) == 4


@pytest.mark.parametrize("status", [200, 302, 500])
def test_a_body_without_end_is_not_read(site: Site, status: int) -> None:
    site.next = [answers_without_end(status, "/form")]
    answer = call(site.url, Limits(connect=5, read=5, whole=60))
    assert isinstance(answer, Answer)
    assert answer.status == status


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), ("0", 0), ("99999999", 6 * 3600), ("9" * 5000, None), ("soon", None), ("-5", None)],
)
def test_retry_after_in_seconds(site: Site, told: str, seconds: int | None) -> None:
    site.next = [answers(503, Retry_After=told)]
    answer = call(site.url)
    assert isinstance(answer, Answer)
    assert answer.retry_after == (None if seconds is None else timedelta(seconds=seconds))


def test_retry_after_as_a_moment(site: Site) -> None:
    site.next = [
        answers(503, Retry_After=format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)),
        answers(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
    ]
    first, second = call(site.url), call(site.url)
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert first.retry_after is not None
    assert timedelta(minutes=55) < first.retry_after <= timedelta(hours=1)
    assert second.retry_after == timedelta(0)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("http://site.example/elsewhere", True),
        ("http://site.example:80/form", True),
        ("https://site.example/form", True),
        ("https://SITE.example/form", True),
        ("http://site.example:8080/form", False),
        ("https://site.example:8443/form", False),
        ("http://evil.example/form", False),
        ("http://site.example.evil.example/form", False),
        ("http://site.example@evil.example/form", False),
        ("ftp://site.example/form", False),
        ("http://[bad", False),
    ],
)
def test_same_place(other: str, same: bool) -> None:
    assert same_place("http://site.example/form", other) is same


def test_never_down_to_http() -> None:
    assert not same_place("https://site.example/form", "http://site.example/form")
    assert not same_place("https://site.example/form", "http://site.example:443/form")
