"""Giving a mail to the mail server, and what may be done after: once more, never, or only by a person.

What decides is the dot that ends a mail. Before it was sent, the server has certainly not taken the mail;
after it, only the server's answer tells. The server's own words stay here: they often repeat an address.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bot.leads.mail.writing import Mail
from bot.leads.outbox.outcome import Fate, Outcome
from bot.settings import Settings


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: for each answer, for the one that takes the mail, for all together."""

    answer: float = 15.0
    taken: float = 45.0
    whole: float = 90.0


PATIENCE = Patience()


def hand_over(mail: Mail, settings: Settings, patience: Patience = PATIENCE) -> Outcome:
    """Give one mail to the mail server of the settings. Raises nothing."""
    steps = _Steps()
    try:
        with _connected(settings, mail.sender, patience) as smtp:
            return _converse(smtp, mail, settings, patience, steps)
    except Exception as error:
        if steps.ended:
            return Outcome(Fate.UNKNOWN, "maybe sent: the mail server gave no answer at the end")
        return _not_sent(error, steps)


@dataclass
class _Steps:
    """How far a conversation with the server got; ``ended`` once the last dot may be on its way."""

    now: str = "connection"
    ended: bool = False


@contextmanager
def _connected(settings: Settings, sender: str, patience: Patience) -> Iterator[smtplib.SMTP]:
    host, port = settings.smtp_host or "", settings.smtp_port
    # The name we greet with: looking up this machine's own could take long, and tells what nobody needs.
    name = sender.rpartition("@")[2]
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=patience.answer, context=context)
    else:
        smtp = smtplib.SMTP(host, port, name, timeout=patience.answer)
    # A server that sends a sign now and then never runs into the time for one answer.
    cut = threading.Timer(patience.whole, _cut, [smtp])
    cut.daemon = True
    cut.start()
    try:
        yield smtp
    finally:
        cut.cancel()
        with suppress(OSError):
            smtp.close()


def _cut(smtp: smtplib.SMTP) -> None:
    if smtp.sock is not None:
        with suppress(OSError):
            # Not SSLSocket.shutdown, which would go on in plain text.
            socket.socket.shutdown(smtp.sock, socket.SHUT_RDWR)


def _converse(
    smtp: smtplib.SMTP, mail: Mail, settings: Settings, patience: Patience, steps: _Steps
) -> Outcome:
    steps.now = "greeting"
    smtp.ehlo_or_helo_if_needed()
    if settings.smtp_security == "starttls":
        steps.now = "STARTTLS"
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
    if settings.smtp_user is not None and settings.smtp_password is not None:
        steps.now = "log-in"
        smtp.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    steps.now = "sender"
    _expect(2, smtp.mail(mail.sender, ["SMTPUTF8"] if mail.needs_utf8 else []))
    steps.now = "recipient"
    _expect(2, smtp.rcpt(mail.recipient))
    steps.now = "text"
    _expect(3, smtp.docmd("DATA"))
    # A line that begins with a dot would end the mail; it gets a second one, which the server takes away.
    smtp.send(b"\r\n".join(b"." + line if line[:1] == b"." else line for line in mail.content.split(b"\r\n")))
    if smtp.sock is not None:
        smtp.sock.settimeout(patience.taken)
    steps.ended = True
    smtp.send(b".\r\n")
    code, _ = smtp.getreply()
    if code // 100 == 2:
        # It is taken: nothing that happens to the farewell changes that.
        with suppress(smtplib.SMTPException):
            smtp.putcmd("QUIT")
        return Outcome(Fate.TAKEN, f"taken by the mail server (SMTP {code})", code)
    if code // 100 not in (4, 5):
        return Outcome(Fate.UNKNOWN, "maybe sent: the mail server's answer makes no sense")
    return _refused(code, steps)


def _expect(kind: int, answer: tuple[int, bytes]) -> None:
    if answer[0] // 100 != kind:
        raise smtplib.SMTPResponseException(*answer)


def _not_sent(error: Exception, steps: _Steps) -> Outcome:
    match error:
        case smtplib.SMTPResponseException():
            return _refused(error.smtp_code, steps)
        case smtplib.SMTPNotSupportedError():
            return Outcome(Fate.PERSON, f"not sent: the mail server can't do what is needed ({steps.now})")
        case smtplib.SMTPServerDisconnected() | TimeoutError():
            return Outcome(Fate.AGAIN, f"not sent: no answer from the mail server ({steps.now})")
        case smtplib.SMTPException():
            return Outcome(Fate.PERSON, f"not sent: the mail server can't do what is needed ({steps.now})")
        case ssl.SSLCertVerificationError():
            return Outcome(Fate.AGAIN, "not sent: the mail server's certificate is not trusted")
        case OSError():
            return Outcome(Fate.AGAIN, f"not sent: mail server not reached ({type(error).__name__})")
    return Outcome(Fate.PERSON, f"not sent: impossible as it is ({steps.now}, {type(error).__name__})")


def _refused(code: int, steps: _Steps) -> Outcome:
    """A refusal with 5xx stays one; 4xx asks to come again, and so may a server that talks nonsense."""
    fate = Fate.PERSON if code // 100 == 5 else Fate.AGAIN
    return Outcome(fate, f"not taken: refused at the {steps.now} (SMTP {code})", code if code > 0 else None)
