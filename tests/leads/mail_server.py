"""A real mail server on the loopback that does what a test tells it to, and jobs to send."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.leads.clock import now
from bot.leads.intake import Contact
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Job
from bot.leads.reading import DeliveryState, LeadCard
from bot.settings import Settings

CONTACT = Contact(
    "Quillonia", "Zarrabeth", "quillonia@zarrabeth.example", "+86 138 0013 8000", best_time="noon"
)
REFERENCE = "ACDE-FGHJ"
WEBHOOK_ID = "msg_0123456789abcdef0123456789abcdef"


class MailServer(Controller):
    """Keeps the mails that it took. ``answers`` says what it replies at a step in place of yes."""

    def __init__(self, **more: Any) -> None:
        super().__init__(self, hostname="127.0.0.1", port=0, server_hostname="mail.example", **more)
        self.got: list[tuple[str, list[str], bytes]] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.answers: dict[str, str] = {}
        self.after_text: Callable[[Any], Any] | None = None

    def _trigger_server(self) -> None:
        # Only now it is known which free port it got.
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def settings(self, **variables: str) -> Settings:
        """Settings of a site that sends its mails here."""
        return Settings.from_env(
            {
                "SITE_NAME": "Example Hospital",
                "SMTP_HOST": "127.0.0.1",
                "SMTP_PORT": str(self.port),
                "SMTP_SECURITY": "none",
                "MAIL_FROM": "chat@hospital.example",
                "SITE_MAIL": "team@hospital.example",
                "SITE_ESCALATION_MAIL": "head@hospital.example",
            }
            | variables
        )

    def mail(self) -> EmailMessage:
        """The only mail that was taken."""
        ((_, _, content),) = self.got
        return read(content)

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if "sender" in self.answers:
            return self.answers["sender"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if "recipient" in self.answers:
            return self.answers["recipient"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "taken" in self.answers:
            return self.answers["taken"]
        self.got.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        if self.after_text is not None:
            await self.after_text(server)
        return "250 OK"

    def authenticator(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(
            success=data.password == b"right", handled=False, message=self.answers.get("log-in")
        )


async def hang_up(server: Any) -> None:
    """Close the line after the mail came in, before it is answered."""
    server.transport.abort()


async def keep_waiting(server: Any) -> None:
    """Never answer."""
    await asyncio.Event().wait()


def read(content: bytes) -> EmailMessage:
    """A mail as a mail program reads it."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str = "plain") -> str:
    """The text of a mail, or its HTML."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def job(
    kind: Kind, screening: dict[str, Any], contact: Contact | None = CONTACT, hours: float = 0, **payload: str
) -> Job:
    """A job of the outbox for a lead that came in so many hours ago."""
    card = LeadCard(
        reference=REFERENCE,
        created=now() - datetime.timedelta(hours=hours),
        trial="NCT06848582",
        verdict=screening.get("verdict", "possible"),
        screening=screening,
        consents=[],
        contact=contact,
        delivery=DeliveryState("waiting", 0, None, None, None),
    )
    return Job(1, kind, WEBHOOK_ID, card, payload)


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A certificate made for this test: the file to trust, and what a server needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    moment = now()
    alternative: x509.GeneralName = (
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - datetime.timedelta(days=1))
        .not_valid_after(moment + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, secret = folder / "trusted.pem", folder / "secret.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)
    return trusted, context
