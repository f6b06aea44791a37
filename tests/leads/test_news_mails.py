"""The mails to people who signed up: headers and words, over a real mail server."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.mail.writing import write
from bot.leads.models import Delivery
from bot.leads.news import telling
from bot.leads.news.reading import SignedUp
from bot.leads.news.signing import confirm
from bot.leads.outbox.chores import CHORES, ChoreList
from bot.leads.outbox.kinds import TO_SIGN_UPS, Kind, State
from bot.leads.outbox.outcome import Fate, NewsJob, Outcome
from bot.leads.outbox.queue import deliver_due, deliver_one, retry_now
from bot.settings import Settings
from bot.texts import load_texts
from tests.contract.test_texts import GLOSSARY, HIGHEST_GRADE, grade, texts_under
from tests.leads.mail_server import MailServer, body, hang_up, read
from tests.leads.signups import DAY, EMAIL, MAIL, mails, number_of, sign, signup

TEXTS = load_texts("en")
BASE = MAIL["PUBLIC_URL"]
TOKEN, STOP = "c" * 43, "s" * 43
KEEP = "Please do not stop, skip or delay any medicine or treatment because of this."


@pytest.fixture
def server() -> Iterator[MailServer]:
    started = MailServer()
    started.start()
    yield started
    started.stop()


@pytest.fixture(autouse=True)
def always_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails that are queued at night would wait for the morning."""
    monkeypatch.setattr(telling, "by_daylight", lambda moment, settings: moment)


def settings(**variables: str) -> Settings:
    return Settings.from_env(MAIL | {"SITE_NAME": "Cancer Trial Hospital"} | variables)


def written(kind: Kind, confirmed: bool = False, at: datetime | None = None, **variables: str) -> Any:
    signed = SignedUp(EMAIL, TOKEN, STOP, now(), now() if confirmed else None)
    job = NewsJob(1, kind, "msg_1", signed, {"day": "2026-12-13"})
    return read(write(job, settings(**variables), at).content)


@pytest.mark.parametrize("kind", TO_SIGN_UPS)
def test_each_can_be_stopped_by_reader_and_mail_program(kind: Kind) -> None:
    message = written(kind)
    assert message["List-Unsubscribe"] == f"<{BASE}/news/stop/{STOP}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"stop these mails here: {BASE}/news/stop/{STOP}\n" in body(message)
    assert message["Message-ID"] == "<msg_1@hospital.example>"
    assert message["To"] == EMAIL
    assert message["Auto-Submitted"] == "auto-generated"
    assert not message.defects


@pytest.mark.parametrize("kind", TO_SIGN_UPS)
def test_a_long_link_stands_in_its_header_whole(kind: Kind) -> None:
    """Cut or encoded, no mail program would find it."""
    signed = SignedUp(EMAIL, TOKEN, STOP, now(), None)
    job = NewsJob(1, kind, "msg_1", signed, {"day": "2026-12-13"})
    long = "https://a-long-name-of-a-hospital.and-of-its-department.example/studies/chat"
    content = write(job, settings(PUBLIC_URL=long)).content
    assert f"List-Unsubscribe: <{long}/news/stop/{STOP}>\r\n".encode() in content
    assert max(len(line) for line in content.split(b"\r\n\r\n", 1)[1].splitlines()) <= 78


def test_one_click_is_for_https_alone() -> None:
    message = written(Kind.NEWS_STUDY, PUBLIC_URL="http://127.0.0.1:8080")
    assert message["List-Unsubscribe"] == f"<http://127.0.0.1:8080/news/stop/{STOP}>"
    assert message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize("kind", TO_SIGN_UPS)
def test_subject_tells_nothing_of_illness_study_or_site(kind: Kind) -> None:
    telling_words = {word for name in GLOSSARY for word in name.lower().split()}
    telling_words |= {"cancer", "tumor", "illness", "trial", "study", "hospital", "child", "patient", "match"}
    subject = written(kind)["Subject"]
    assert subject
    assert telling_words.isdisjoint(re.findall(r"\w+", subject.lower()))


@pytest.mark.parametrize("kind", TO_SIGN_UPS)
def test_whole_mails_read_at_grade_six_or_below(kind: Kind) -> None:
    text = re.sub(r"https://\S+", "", body(written(kind, SITE_NAME="the clinic")))
    assert grade(text) <= HIGHEST_GRADE, text
    assert not re.search("eligib|qualif|new treatment|confidential|guarantee|promise", text)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.NEWS_CONFIRM, [f"{BASE}/news/confirm/{TOKEN}\n", "please delete this mail"]),
        (Kind.NEWS_DATE, ["December 13, 2026", KEEP, f"{BASE}/\n", "decides if a study is a match"]),
        (Kind.NEWS_STUDY, ["may be a match", KEEP, f"{BASE}/\n", "decides if a study is a match"]),
        (Kind.NEWS_END, ["you get no more mails", f"{BASE}/\n"]),
    ],
)
def test_what_each_says(kind: Kind, said: list[str]) -> None:
    text = body(written(kind))
    for words in said:
        assert words in text
    for named in ("sarcoma", "NCT", "NK cell"):
        assert named not in text


def test_confirmation_says_until_when_the_link_works() -> None:
    assert f"until {now() + timedelta(hours=48):%B}" in body(written(Kind.NEWS_CONFIRM))


@pytest.mark.parametrize("late", [timedelta(hours=48, seconds=1), timedelta(days=4)])
def test_a_link_that_no_longer_works_is_not_sent(late: timedelta) -> None:
    with pytest.raises(Exception, match="ran out"):
        written(Kind.NEWS_CONFIRM, at=now() + late)
    with pytest.raises(Exception, match="confirmed already"):
        written(Kind.NEWS_CONFIRM, confirmed=True)


def on(server: MailServer, **variables: str) -> Settings:
    return server.settings(PUBLIC_URL=BASE, **variables)


def state_of(store: Store, kind: Kind) -> str:
    with store.session() as session:
        (found,) = [one.state for one in session.query(Delivery).all() if one.kind == kind]
        return str(found)


def test_from_the_sign_up_to_the_deletion(store: Store, server: MailServer) -> None:
    """The worker's own chores, in their order: after the mail was taken nothing is left."""
    (details,) = sign(store, diagnosis=None)
    assert deliver_due(store, on(server)) == 1
    assert f"/news/confirm/{details.confirm}" in body(server.mail())
    server.got.clear()
    assert confirm(details.confirm, store) is not None
    ChoreList(CHORES).do_due(store, on(server, PRESCREEN_TODAY=str(DAY)))
    assert mails(store)[-1] == Kind.NEWS_DATE
    assert deliver_due(store, on(server)) == 1
    assert "December 13, 2026" in body(server.mail())
    ChoreList(CHORES).do_due(store, on(server, PRESCREEN_TODAY=str(DAY)))
    assert mails(store) == []
    assert number_of(store, Delivery) == 0


def test_of_a_mail_without_an_answer_nobody_knows(store: Store, server: MailServer) -> None:
    server.after_text = hang_up
    sign(store)
    outcome = deliver_one(store, on(server))
    assert isinstance(outcome, Outcome)
    assert outcome.fate is Fate.UNKNOWN
    assert state_of(store, Kind.NEWS_CONFIRM) == State.MAYBE_SENT
    assert deliver_one(store, on(server)) is None
    assert len(server.got) == 1


def test_a_refused_mail_can_be_tried_again_by_hand(store: Store, server: MailServer) -> None:
    server.answers["sender"] = "550 no"
    sign(store)
    deliver_one(store, on(server))
    assert state_of(store, Kind.NEWS_CONFIRM) == State.NEEDS_PERSON
    server.answers.clear()
    assert retry_now(signup_mail(store), store)
    assert deliver_due(store, on(server)) == 1


def signup_mail(store: Store) -> int:
    with store.session() as session:
        (mail,) = session.query(Delivery).filter(Delivery.signup_id == signup(store).id).all()
        return int(mail.id)


def test_without_the_addresses_key_the_mail_needs_a_person(
    store: Store, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(store)
    with store.session() as session:
        for one in session.query(type(signup(store))).all():
            one.details_sealed = "gAAAAA-not-ours"
    outcome = deliver_one(store, on(server))
    assert outcome is not None
    assert outcome.fate is Fate.PERSON
    assert EMAIL not in outcome.text
    assert server.got == []


def test_mails_wait_where_the_links_would_lead_nowhere(store: Store, server: MailServer) -> None:
    sign(store)
    outcome = deliver_one(store, server.settings())
    assert outcome is not None
    assert outcome.fate is Fate.AGAIN
    assert server.got == []


def test_every_text_is_used() -> None:
    here = Path(bot.__file__).parent
    files = [*(here / "leads").rglob("*.py"), *(here / "web").rglob("*.py"), *(here / "web").rglob("*.html")]
    used = "\n".join(path.read_text(encoding="utf-8") for path in files)
    built = {f"news.{what}.{name}" for what in ("confirm", "stop") for name in ("title", "text", "yes")}
    built |= {f"news.mail.{kind}.subject" for kind in ("confirm", "date", "study", "end")}
    built |= {f"news.closed.{why}" for why in ("start", "ended", "questions", "nothing", "no_mail")}
    keys = [key for key, _ in texts_under(TEXTS.node("news"), "news")]
    assert len(keys) > 60
    assert [key for key in keys if f'"{key}"' not in used and key not in built] == []
    for key in built:
        assert TEXTS.has(key), key
