"""The interview as plain pages: a whole way, and what each page holds."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import bot.web
from bot.texts import load_texts
from tests.web.formreader import Reader
from tests.web.interviewing import InterviewingRasa
from tests.web.test_web_texts import texts_in


@pytest.fixture
def rasa() -> InterviewingRasa:
    return InterviewingRasa()


@pytest.fixture
def reader(open_web: Callable[..., TestClient]) -> Reader:
    return Reader(open_web(CHAT_PER_MINUTE="0", SITE_EMERGENCY_NUMBER="911"))


def words(reader: Reader) -> str:
    """What the page says, in one line."""
    body = re.sub(r"<head>.*?</head>", "", reader.page.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def title(reader: Reader) -> str:
    found = re.search(r"<title>(.*?) · ", reader.page.text)
    assert found is not None
    return html.unescape(found.group(1))


def test_start_page_says_what_this_is(reader: Reader) -> None:
    said = words(reader)
    for sentence in ("a computer program, not a person", "not for emergencies", "do not type names"):
        assert sentence in said
    assert [words for form in reader.forms for words, _, _ in form.buttons] == ["Start"]


def test_no_page_has_a_script_a_cookie_or_a_copy(reader: Reader) -> None:
    pages = [reader.page]
    reader.press("Start")
    for step in ("Why do you ask?", "Next", "Talk to a person", "Stop and erase", "No, go on"):
        pages.append(reader.press(step).page)
    pages.append(Reader(reader.web).to_the_verdict().press("Open the contact form").page)
    for page in pages:
        assert "<script" not in page.text
        assert "set-cookie" not in page.headers
        assert page.headers["cache-control"] == "no-store"
        assert page.url.query == b""


def test_every_page_can_be_heard(reader: Reader) -> None:
    steps = [("Start",), ("Next",), ("Next", "parent"), ("Next",), ("Skip",), ("Next", "ewing_sarcoma")]
    for step, *choices in steps:
        reader.press(step, *choices)
        text = reader.page.text
        assert text.count("<h1") == text.count("<main") == text.count('class="skip" href="#main"') == 1
        assert len(reader.ids) == len(set(reader.ids))
        for name in ("for", "aria-describedby", "aria-labelledby"):
            for told in re.findall(rf'{name}="([^"]+)"', text):
                assert set(told.split()) <= set(reader.ids), told
        assert all(target in reader.ids for target in re.findall(r'href="#([^"]+)"', text))
        heading = re.search(r"<legend><h1>(.*?)</h1></legend>", text)
        assert heading is not None
        assert title(reader).endswith(html.unescape(heading.group(1)))


def test_why_and_a_person_keep_what_was_given_and_the_heading(reader: Reader) -> None:
    reader.press("Start").press("Next", "parent")
    asked = title(reader)
    reader.press("Why do you ask?", age="7", own="he is small")
    assert "Each study takes people of certain ages." in words(reader)
    reader.press("Talk to a person").press("Stop and erase").press("No, go on")
    assert title(reader) == asked
    assert {("age", "7"), ("own", "he is small")} <= set(reader.form_of("Next").fields)


def test_words_that_are_not_understood_are_shown_again_with_other_words(reader: Reader) -> None:
    reader.press("Start").press("Next", "parent")
    asked = title(reader)
    reader.press("Next", own="hmm well")
    said = words(reader)
    assert title(reader) == asked
    assert "I did not get that" in said
    assert "You wrote: hmm well" in said
    assert "For a baby, the age in months is fine." in said


def test_going_back_skipping_and_progress(reader: Reader) -> None:
    reader.press("Start").press("Next", "parent")
    assert re.search(r"About \d+ questions left", words(reader))
    reader.press("Next", age="7").press("Go back one question")
    assert "let us go back one question" in words(reader)
    assert title(reader).startswith(("How old", "What is your child's age"))
    reader.press("Next", age="8")
    assert "Thank you. I have changed this. Your child is 8 years old." in words(reader)
    reader.press("Skip")
    assert "We will skip it." in words(reader)


def test_an_answer_is_changed_from_the_list(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7")
    form = reader.form_of("Next")
    assert [value for _, _, value in form.buttons if value.startswith("change:")] == [
        "change:respondent",
        "change:age",
    ]
    action, fields = reader.filled("Next")
    reader.send(action, [pair for pair in fields if pair[0] != "do"] + [("do", "change:age")])
    reader.press("Next", age="18", unit="months")
    assert rasa.facts()["age"] == {"months": [18, 18]}


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ({"day": "2026-06-01"}, ["2026-06-01", "2026-06-01"]),
        ({"own": "in June"}, ["2026-06-01", "2026-06-30"]),
        # Where a browser knows no calendar, the field takes any words.
        ({"day": "3 weeks ago"}, None),
    ],
)
def test_a_day_is_picked_or_told(
    reader: Reader, rasa: InterviewingRasa, typed: dict[str, str], last: list[str] | None
) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7").press("Next", "rhabdomyosarcoma")
    reader.press("Next", "relapsed").press("Next", "chemotherapy")
    assert 'type="date" max="2026-11-22"' in reader.page.text
    reader.press("Next", **typed)
    told = rasa.facts()["chemotherapy"]["last"]
    assert told == last if last else told[0].startswith("2026-1")


@pytest.mark.parametrize("own", ["it still goes on", "I am not sure", "6 weeks ago"])
def test_of_a_picked_day_and_other_words_none_is_guessed(
    reader: Reader, rasa: InterviewingRasa, own: str
) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7").press("Next", "rhabdomyosarcoma")
    reader.press("Next", "relapsed").press("Next", "chemotherapy").press("Next", day="2026-05-01", own=own)
    assert reader.page.status_code == 422
    assert "last" not in rasa.facts()["chemotherapy"]
    assert {("day", "2026-05-01"), ("own", own)} <= set(reader.form_of("Next").fields)


@pytest.mark.parametrize(
    ("choices", "typed", "problem"),
    [
        ((), {}, "empty"),
        (("none", "relapsed"), {}, "alone"),
        (("not_sure", "relapsed"), {}, "alone"),
        (("none", "not_sure"), {}, "alone"),
        (("relapsed",), {"own": "it came back in May"}, "two"),
    ],
)
def test_an_answer_that_contradicts_itself_is_asked_again_and_nothing_is_lost(
    reader: Reader, rasa: InterviewingRasa, choices: tuple[str, ...], typed: dict[str, str], problem: str
) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7").press("Next", "rhabdomyosarcoma")
    asked = title(reader)
    reader.press("Next", *choices, **typed)
    assert reader.page.status_code == 422
    assert title(reader) == f"Please look: {asked}"
    expected = load_texts("en").node(f"plain.problems.{problem}").split("{", 1)[0]
    assert expected.split('"', 1)[0] in words(reader)
    assert "disease_course" not in rasa.facts()
    kept = reader.form_of("Next").fields
    assert sorted(value for name, value in kept if name == "choice") == sorted(choices)
    assert ("own", typed.get("own", "")) in kept
    reader.press("Next", "relapsed", own="")
    assert rasa.facts()["disease_course"] == ["relapsed"]


def test_own_words_are_one_of_the_choices(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "")
    assert "Please write something in the box." in words(reader)
    reader.press("Next", "", own="I am his mom")
    assert rasa.facts()["respondent"] == "parent"


def test_contact_details_reach_neither_rasa_nor_the_next_page(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", own="I am ana@mail.com, call 138 0013 8000")
    assert "Please do not type a phone number or an email here." in words(reader)
    for text in (str(rasa.got), reader.page.text):
        assert "ana@mail.com" not in text
        assert "138 0013" not in text


def test_emergency_is_prominent_with_a_number_to_press(reader: Reader) -> None:
    reader.press("Start").press("Next", own="he cannot breathe")
    text = reader.page.text
    assert title(reader) == "Help comes first"
    assert '<a class="button big danger" href="tel:911">Call 911</a>' in text
    assert 'role="alert"' in text
    assert not reader.offers("Next")
    reader.press("We are safe. Go on with the questions")
    assert "We can go on when you like." in words(reader)
    assert reader.offers("Next")


def test_not_yet_never_stands_without_the_sentence(reader: Reader) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7").press("Next", "rhabdomyosarcoma")
    reader.press("Next", "relapsed").press("Next", "chemotherapy").press("Next", day="2026-11-15")
    while reader.offers("Next"):
        offered = reader.form_of("Next").offers
        reader.press(
            "Next", next(name for name in ("none", "as_usual", "no", "yes", "not_sure") if name in offered)
        )
    assert "From December 6, 2026, this may be different." in words(reader)
    assert "Please do not stop, skip or delay any medicine or treatment because of this." in words(reader)
    assert reader.offers("Open the contact form")


def test_not_likely_offers_no_form_but_the_rest(reader: Reader) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7").press("Next", "osteosarcoma")
    reader.press("Next", "yes")
    assert "not a likely match" in words(reader)
    assert not reader.offers("Open the contact form")
    assert '<a href="https://clinicaltrials.gov" target="_blank" rel="noopener">' in reader.page.text
    for button in ("A page for the doctor, notes and dates", "Change an answer", "Talk to a person", "Send"):
        assert reader.offers(button), button


def test_asking_after_the_verdict_and_seeing_it_again(reader: Reader) -> None:
    reader.to_the_verdict().press("Talk to a person")
    assert title(reader) == "What you can do now"
    assert "you can talk with a person" in words(reader)
    reader.press("Show the result again")
    assert title(reader) == "What we found"
    reader.press("Send")
    assert reader.page.status_code == 422
    assert title(reader) == "Please look: What we found"
    assert "Please write something in the box." in words(reader)


def test_result_page_leads_to_what_else_can_be_done(reader: Reader) -> None:
    reader.to_the_verdict().press("A page for the doctor, notes and dates")
    assert reader.page.status_code == 200
    assert "<script" not in reader.page.text
    back = next(
        words
        for form in reader.forms
        if form.action == "/plain"
        for words, _, _ in form.buttons
        if "ack" in words
    )
    reader.press(back)
    assert title(reader) == "What we found"


def test_erasing_asks_first(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.to_the_verdict().press("Stop and erase")
    assert title(reader) == "Erase all your answers and stop?"
    reader.press("Yes, erase everything")
    assert "Your answers are erased." in words(reader)
    assert '<a class="button quiet" href="/plain">' in reader.page.text


def test_every_page_leads_to_the_chat_and_the_chat_to_here(reader: Reader) -> None:
    for page in (reader.page, reader.press("Start").page, reader.press("Stop and erase").page):
        assert '<a href="/chat">' in page.text
    for path in ("/", "/chat"):
        (without,) = re.findall(r"<noscript>.*?</noscript>", reader.web.get(path).text, re.DOTALL)
        assert 'href="/plain"' in without


def test_every_text_is_used() -> None:
    here = Path(bot.web.__file__).parent
    used = "".join(path.read_text(encoding="utf-8") for path in [*here.glob("*.py"), *here.rglob("*.html")])
    for key, _ in texts_in("plain", load_texts("en").node("plain")):
        parents, _, last = key.rpartition(".")
        whole = key in used or (parents in used and last.isdigit())
        assert whole or (f"{parents}." in used and f'"{last}"' in used), key
