"""What the mails say, to whom, and under which headers, as a mail program reads them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from bot.leads.clock import now
from bot.leads.intake import Contact
from bot.leads.mail import send
from bot.leads.mail.writing import write
from bot.leads.outbox.kinds import Kind
from bot.leads.outbox.outcome import Fate
from bot.settings import Settings
from tests.leads.mail_server import CONTACT, REFERENCE, WEBHOOK_ID, body, job, read

MAILS = (Kind.FAMILY_COPY, Kind.SITE_NOTE, Kind.ESCALATION, Kind.CODE)
TO_THE_SITE = (Kind.SITE_NOTE, Kind.ESCALATION)


def settings(**variables: str) -> Settings:
    return Settings.from_env(
        {
            "SITE_NAME": "Example Hospital",
            "SMTP_HOST": "127.0.0.1",
            "MAIL_FROM": "chat@hospital.example",
            "SITE_MAIL": "team@hospital.example",
            "SITE_ESCALATION_MAIL": "head@hospital.example",
        }
        | variables
    )


def payload(kind: Kind, minutes: float = 30.5) -> dict[str, str]:
    expires = now() + timedelta(minutes=minutes)
    return {"code": "482 913", "expires": expires.isoformat()} if kind == Kind.CODE else {}


def written(kind: Kind, screening: dict[str, Any], contact: Contact = CONTACT, **variables: str) -> Any:
    asked = job(kind, screening, contact, hours=50, **payload(kind))
    return read(write(asked, settings(**variables)).content)


def both(message: Any) -> tuple[str, str]:
    """Plain text and HTML; each must say all of it."""
    return body(message), body(message, "html")


@pytest.mark.parametrize("kind", MAILS)
def test_headers(screening: dict[str, Any], kind: Kind) -> None:
    message = written(kind, screening)
    assert message["From"] == "chat@hospital.example"
    assert message["Message-ID"] == f"<{WEBHOOK_ID}@hospital.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs(message["Date"].datetime - now()) < timedelta(minutes=1)
    assert message["MIME-Version"] == "1.0"
    assert not message.defects
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"):
        assert len(message.get_all(name)) == 1


@pytest.mark.parametrize(
    ("kind", "recipient"),
    [
        (Kind.FAMILY_COPY, CONTACT.email),
        (Kind.CODE, CONTACT.email),
        (Kind.SITE_NOTE, "team@hospital.example"),
        (Kind.ESCALATION, "head@hospital.example"),
    ],
)
def test_each_goes_to_whom_it_is_for(screening: dict[str, Any], kind: Kind, recipient: str) -> None:
    mail = write(job(kind, screening, **payload(kind)), settings())
    assert mail.recipient == recipient
    assert read(mail.content)["To"] == recipient


def test_copy_holds_what_was_sent_in_words(screening: dict[str, Any]) -> None:
    screening["facts"] |= {"gvhd": "no", "infection": {"had": "no"}, "heart_problem": "not_sure"}
    message = written(
        Kind.FAMILY_COPY,
        screening,
        SITE_PHONE="+1 555 010 0000",
        SITE_HOURS="9 to 5",
        SITE_CALLBACK_DAYS="30",
        SITE_EMERGENCY_NUMBER="911",
    )
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for text in both(message):
        for said in (
            "You sent a message to Example Hospital.",
            REFERENCE,
            "Example Hospital plans to call you by",
            "You can also call Example Hospital: +1 555 010 0000.",
            "Phone hours: 9 to 5.",
            "This study may be a match. Some things are still open.",
            "Age of the patient: 7 years",
            "Chemo: yes; last day: between October 30, 2026 and November 3, 2026",
            "Heart problem: not sure",
            "You said no to: Graft versus host disease now.",
            "You said no to these, in the last 5 weeks: Infection.",
            "ends in 8000.",
            "Tell the study team your reference",
            "call 911",
        ):
            assert said in text
        assert "do not stop" not in text


@pytest.mark.parametrize("until", ["2026-12-13", None])
def test_not_yet_never_stands_without_the_sentence(screening: dict[str, Any], until: str | None) -> None:
    message = written(Kind.FAMILY_COPY, screening | {"verdict": "not_yet", "until": until})
    for text in both(message):
        assert ("This may change from December 13, 2026." in text) == (until is not None)
        assert "Not a match today. This may change" in text
        assert "Please do not stop, skip or delay any medicine or treatment because of this." in text


def test_copy_where_the_site_has_told_nothing(screening: dict[str, Any]) -> None:
    for text in both(written(Kind.FAMILY_COPY, screening)):
        assert "The study team has not told us when they will call." in text
        assert "Example Hospital has not given a phone number." in text
        assert "call your local emergency number" in text
        assert "http" not in text
    for text in both(written(Kind.FAMILY_COPY, screening, SITE_NAME="", SITE_CALLBACK_DAYS="1")):
        assert "This is a demo. No one will call you." in text
        assert "plans to call" not in text


def test_late_copy_announces_no_call_that_has_passed(screening: dict[str, Any]) -> None:
    asked = job(Kind.FAMILY_COPY, screening)
    mail = write(asked, settings(SITE_CALLBACK_DAYS="1"), at=now() + timedelta(days=9))
    text = body(read(mail.content))
    assert "planned to call you by" in text
    assert "plans to call" not in text


@pytest.mark.parametrize("address", ["https://chat.hospital.example", "https://chat.hospital.example/"])
def test_links_where_the_address_is_known(screening: dict[str, Any], address: str) -> None:
    text, html = both(written(Kind.FAMILY_COPY, screening, PUBLIC_URL=address))
    assert "\nhttps://chat.hospital.example/status\n" in text
    assert '<a href="https://chat.hospital.example/status">' in html
    assert "Tell the study team" not in text
    for kind in TO_THE_SITE:
        note = body(written(kind, screening, PUBLIC_URL=address))
        assert f"https://chat.hospital.example/inbox/lead/{REFERENCE}" in note
        assert "http" not in body(written(kind, screening))


def test_copy_holds_nothing_that_was_typed(screening: dict[str, Any]) -> None:
    typed = Contact(
        first_name="Win money at",
        last_name="evil.example",
        email="stranger@mail.example",
        phone="+86 138 0013 8000",
        language="Klingon",
        country="CN",
        best_time="see https://evil.example",
    )
    message = written(Kind.FAMILY_COPY, screening, typed)
    for text in both(message):
        for word in ("Win money", "evil", "Klingon", "138", "stranger"):
            assert word not in text


@pytest.mark.parametrize("kind", TO_THE_SITE)
def test_mails_to_the_site_hold_no_health_data_and_no_contact(screening: dict[str, Any], kind: Kind) -> None:
    message = written(kind, screening)
    text = body(message)
    assert message.get_content_type() == "text/plain"
    assert REFERENCE in text
    whole = f"{message}\n{text}".lower()
    known = [*vars(CONTACT).values(), *re.findall(r"\w+", json.dumps(screening["findings"]))]
    for word in (*known, "NCT06848582", "match", "possible", "7 years", "chemo", "cancer", "2026-10-30"):
        if isinstance(word, str) and len(word) > 3 and word not in ("family", "text"):
            assert word.lower() not in whole
    assert "This mail holds no answers and no contact details." in text


def test_escalation_tells_the_age(screening: dict[str, Any]) -> None:
    message = written(Kind.ESCALATION, screening)
    assert message["Subject"] == f"Waiting for 50 hours: {REFERENCE}"
    assert f"The message {REFERENCE} came in 50 hours ago." in body(message)


def test_code_mail(screening: dict[str, Any]) -> None:
    message = written(Kind.CODE, screening)
    assert "Your code: 482 913" in body(message)
    assert "It is good for 30 minutes" in body(message)
    assert "482" not in message["Subject"]


def test_code_that_ran_out_is_not_sent(screening: dict[str, Any]) -> None:
    outcome = send(job(Kind.CODE, screening, **payload(Kind.CODE, minutes=0.5)), settings())
    assert outcome.fate == Fate.PERSON
    assert outcome.text == "not sent: the code ran out before the mail could go"


def test_html_says_what_is_meant_and_does_nothing(screening: dict[str, Any]) -> None:
    screening["facts"]["heart_problem"] = '<img src="https://evil.example/x.png">'
    site = '<script>alert("1")</script> & Sons'
    text, html = both(
        written(Kind.FAMILY_COPY, screening, SITE_NAME=site, PUBLIC_URL='https://x.example/"><b>')
    )
    assert site in text
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; Sons" in html
    for live in ("<script", "<img", "<b>", "<link", "<style"):
        assert live not in html


@pytest.mark.parametrize(
    "evil",
    [
        "ana@mail.example\r\nBcc: all@evil.example",
        "ana@mail.example\nBcc: all@evil.example",
        "ana@mail.example, all@evil.example",
        "ana@mail.example\x00",
        "Ana <ana@mail.example>",
        "ana@mail.example> SIZE=1\r\nRCPT TO:<all@evil.example",
    ],
)
def test_address_that_is_more_than_an_address_gets_nothing(screening: dict[str, Any], evil: str) -> None:
    outcome = send(job(Kind.FAMILY_COPY, screening, Contact("A", "L", evil, "")), settings())
    assert outcome.fate == Fate.PERSON
    assert outcome.text == "not sent: the mail can't be written (EmailSyntaxError)"


@pytest.mark.parametrize(
    "evil", ["Ana\r\nBcc: all@evil.example", "Ana\n\nanother mail", "Ana\u2028Bcc: all@evil.example", "\x00"]
)
def test_names_can_not_reach_a_header(screening: dict[str, Any], evil: str) -> None:
    contact = Contact(evil, evil, CONTACT.email, evil, language=evil, relation=evil, best_time=evil)
    plain = written(Kind.FAMILY_COPY, screening)
    message = written(Kind.FAMILY_COPY, screening, contact, SITE_NAME=evil.replace("\x00", "x"))
    assert message.keys() == plain.keys()
    assert message["Bcc"] is None
    assert message["Subject"] == plain["Subject"]


def test_any_letters_and_long_lines_arrive_whole(screening: dict[str, Any]) -> None:
    site = "首都医科大学附属北京儿童医院 " + "Ü" * 2000 + " " + "x" * 3000
    mail = write(job(Kind.FAMILY_COPY, screening), settings(SITE_NAME=site))
    assert mail.content.isascii()
    assert max(len(line) for line in mail.content.split(b"\r\n")) <= 998
    assert b"\n" not in mail.content.replace(b"\r\n", b"")
    for text in both(read(mail.content)):
        assert site in text


@pytest.mark.parametrize("kind", MAILS)
def test_withdrawn_lead_gets_no_mail(screening: dict[str, Any], kind: Kind) -> None:
    outcome = send(job(kind, {"verdict": "possible", "facts": {}}, None, **payload(kind)), settings())
    assert outcome.fate == Fate.PERSON
    assert "withdrawn" in outcome.text


@pytest.mark.parametrize("kind", TO_THE_SITE)
def test_site_is_told_of_a_lead_whose_key_is_lost(screening: dict[str, Any], kind: Kind) -> None:
    assert REFERENCE in body(read(write(job(kind, screening, None), settings()).content))


@pytest.mark.parametrize(
    ("kind", "name"), [(Kind.SITE_NOTE, "SITE_MAIL"), (Kind.ESCALATION, "SITE_ESCALATION_MAIL")]
)
def test_address_that_was_taken_away(screening: dict[str, Any], kind: Kind, name: str) -> None:
    outcome = send(job(kind, screening), settings(**{name: ""}))
    assert outcome.fate == Fate.AGAIN
    assert outcome.text == f"not sent: no {name} is set"


def test_other_kinds_are_no_mails(screening: dict[str, Any]) -> None:
    assert send(job(Kind.LEAD, screening), settings()).fate == Fate.PERSON
