"""Plain pages pressed twice, gone back to or sent again: no answer is ever taken for another question."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.web.formreader import Reader
from tests.web.interviewing import InterviewingRasa
from tests.web.test_plain import title, words

WENT_ON = "This chat went on in another window."


@pytest.fixture
def rasa() -> InterviewingRasa:
    return InterviewingRasa()


@pytest.fixture
def reader(open_web: Callable[..., TestClient]) -> Reader:
    return Reader(open_web(CHAT_PER_MINUTE="0"))


def test_next_pressed_twice_is_one_answer(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent")
    twice = reader.filled("Next", age="7")
    first = reader.send(*twice)
    before = len(rasa.got)
    second = reader.send(*twice)
    assert title(reader) == "What kind of tumor or cancer does your child have?"
    assert WENT_ON not in second.text
    assert "diagnosis" not in rasa.facts()
    assert len(rasa.got) == before
    assert first.status_code == second.status_code == 200


def test_start_pressed_twice_and_gone_back_to_is_one_chat(reader: Reader, rasa: InterviewingRasa) -> None:
    start = reader.filled("Start")
    reader.send(*start)
    reader.send(*start)
    reader.press("Next", "parent").press("Next", age="7")
    reader.send(*start)
    assert WENT_ON in words(reader)
    assert dict(reader.form_of("Next").fields)["asks"] == "diagnosis"
    assert len(rasa.slots) == 1


def test_another_answer_on_the_page_before_is_not_taken_in_and_she_is_told(
    reader: Reader, rasa: InterviewingRasa
) -> None:
    reader.press("Start").press("Next", "parent")
    action, fields = reader.filled("Next", age="7")
    reader.send(action, fields)
    corrected = [(name, "8" if name == "age" else value) for name, value in fields]
    reader.send(action, corrected)
    said = words(reader)
    assert WENT_ON in said
    assert "we did not take it in: 8 years" in said
    assert 'press "Change" under "Your answers"' in said
    assert rasa.facts()["age"] == {"months": [84, 95]}
    assert "diagnosis" not in rasa.facts()


@pytest.mark.parametrize("button", ["Next", "Skip", "Go back one question", "Why do you ask?"])
def test_buttons_of_an_old_page_do_nothing(reader: Reader, rasa: InterviewingRasa, button: str) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7")
    old = reader.filled(button, "rhabdomyosarcoma") if button == "Next" else reader.filled(button)
    reader.press("Next", "synovial_sarcoma").press("Next", "relapsed")
    facts, asked = rasa.facts(), title(reader)
    reader.send(*old)
    assert WENT_ON in words(reader)
    assert rasa.facts() == facts
    assert rasa.facts()["diagnosis"]["id"] == "synovial_sarcoma"
    # The same question stands there, in these or in other words.
    assert "treatments" in dict(reader.form_of("Next").fields)["asks"], asked


def test_an_empty_answer_on_an_old_page_is_no_error_of_the_new_one(reader: Reader) -> None:
    reader.press("Start").press("Next", "parent")
    old = reader.filled("Next")
    reader.press("Next", age="7")
    reader.send(*old)
    assert reader.page.status_code == 200
    assert WENT_ON in words(reader)
    assert "Please look" not in words(reader)


def test_an_old_page_after_a_restart_of_the_program(
    open_web: Callable[..., TestClient], rasa: InterviewingRasa
) -> None:
    reader = Reader(open_web(CHAT_PER_MINUTE="0", SESSION_SECRET="one and the same for both"))
    reader.press("Start").press("Next", "parent")
    old = reader.filled("Next", age="7")
    reader.send(*old)
    reader.web = open_web(CHAT_PER_MINUTE="0", SESSION_SECRET="one and the same for both")
    reader.send(*old)
    assert WENT_ON in words(reader)
    assert dict(reader.form_of("Next").fields)["asks"] == "diagnosis"
    assert "diagnosis" not in rasa.facts()


def test_two_windows_do_not_mix_their_answers(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent")
    other = Reader(reader.web)
    other.page = reader.page
    reader.press("Next", age="7")
    other.press("Next", age="12")
    assert WENT_ON in words(other)
    other.press("Next", "ewing_sarcoma")
    reader.press("Next", "rhabdomyosarcoma")
    assert WENT_ON in words(reader)
    assert rasa.facts()["age"] == {"months": [84, 95]}
    assert rasa.facts()["diagnosis"]["id"] == "ewing_sarcoma"


def test_why_and_then_an_answer_from_the_page_before(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent")
    answer = reader.filled("Next", age="7")
    reader.press("Why do you ask?")
    reader.send(*answer)
    # That page asked the same; her answer stands in the fields, and one press gives it.
    assert title(reader) == "How old is your child?"
    assert "What you gave is still here." in words(reader)
    assert "age" not in rasa.facts()
    reader.press("Next")
    assert rasa.facts()["age"] == {"months": [84, 95]}


def test_an_old_page_never_fills_in_a_read_back(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7").press("Next", "osteosarcoma")
    assert "osteosarcoma" in title(reader)
    reader.press("Why do you ask?")
    asked = title(reader)
    assert "osteosarcoma" in asked
    old = reader.filled("Next", "yes")
    reader.press("Talk to a person")
    reader.send(*old)
    assert WENT_ON in words(reader)
    assert " checked>" not in reader.page.text
    assert "osteosarcoma" in title(reader)
    assert reader.offers("Next")


def test_another_question_of_the_same_name_is_shown_as_it_is(reader: Reader) -> None:
    reader.press("Start").press("Next", own="I am the patient and I am 9 years old")
    assert title(reader) == "Is a grown-up with you now?"
    assert reader.form_of("Next").offers == ["parent", "carer", ""]


def test_old_pages_of_an_erased_chat_are_closed(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent")
    old = reader.filled("Next", age="7")
    reader.press("Stop and erase")
    yes = reader.filled("Yes, erase everything")
    reader.send(*yes)
    again = reader.send(*yes)
    assert again.status_code == 200
    assert "erased" in words(reader)
    before = len(rasa.got)
    reader.send(*old)
    assert "what you told me has been erased" in words(reader)
    assert len(rasa.got) == before


def test_a_page_of_yesterday_starts_again(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent")
    rasa.slots.clear()
    reader.press("Next", age="7")
    assert "It has been a while" in words(reader)
    assert rasa.facts() == {}
