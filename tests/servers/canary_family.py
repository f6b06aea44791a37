"""The families of the canary test: what they tell, and how."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx

#: What stands in the contact form. The phone is written as the form writes it in full.
CONTACT = ("Zephyrine", "Öwlfeather-Quill", "zephyrine.quill@canary-home.example", "+1 202-555-0187")
#: What is typed into the chat, where it does not belong: it must be nowhere at all.
CHAT_CONTACT = ("owlkeeper@canary-chat.example", "646-555-0123")
#: What is told in the chat. The first two are in the tracker for certain, since their turns were answered.
STORY = (
    "Wombatius-Thistledown",
    "crème-brûlée-zanzibar",
    "glimmerfjord kites in the attic",
    "brumblethorpe and the marmots",
    "quizzlewick under the stairs",
    "snorkelby in the moonlight",
    "fiddlewhisk beyond the hill",
    "pumpernickel-lighthouse",
)
#: What the second family tells, who erases her chat.
ERASED = ("marmaladequay-harbour",)

_ANSWERS = {
    "respondent": "parent",
    "age": "he is 9",
    "diagnosis": "synovial sarcoma in the thigh",
    "disease_course": "it came back in september",
    "treatments": "surgery, chemotherapy",
    "chemotherapy.last": "chemo ended in march 2026",
    "recent_events": "none",
    "health_history": "none",
    "activity": "as_usual",
    "confirm": "yes",
}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class Family:
    """One family with a chat of her own; ``url`` is where the program answers at the moment."""

    def __init__(self) -> None:
        self.url = ""
        self.turn: dict[str, Any] = {}
        self._session: str | None = None
        self._client = httpx.Client(trust_env=False, timeout=60)

    def say(self, words: str) -> dict[str, Any]:
        """Say something that must be answered."""
        answer = self._post(words)
        assert answer.status_code == 200, answer.text
        self.turn = answer.json()
        self._session = self.turn["session"]
        return self.turn

    def try_to_say(self, words: str) -> int:
        """Say something, whatever comes of it; 0 where nobody answered at all."""
        try:
            return self._post(words).status_code
        except httpx.TransportError:
            return 0

    def begins(self) -> None:
        """The chat is opened; the boy's name, a mail address and a phone number come into it."""
        self.say("")
        self.say("Start, I am a parent")
        self.say(f"our boy {STORY[0]} is 9, write to {CHAT_CONTACT[0]} or call me on {CHAT_CONTACT[1]}")
        assert "contact form is the safe place" in str(self.turn["messages"])
        self.say(f"what is a trial? {STORY[1]} said there is one")

    def tells_and_will_erase(self) -> None:
        """The second family answers until her verdict and puts in a word of her own now and then."""
        self.say(f"my boy is 9, {ERASED[0]}")
        for number in range(15):
            if self.turn["state"]["verdict"]:
                return
            if number % 3 == 0:
                self.say(f"why do you ask? {ERASED[0]} wants to know")
            self.answers()
        raise AssertionError("there was no verdict")

    def answers(self) -> dict[str, Any]:
        """Answer what is asked."""
        return self.say(_ANSWERS.get(str(self.turn["state"]["asks"]), "not sure"))

    def answers_until(self, asked: str) -> None:
        """Answer what is asked until this is the question."""
        for _ in range(15):
            if self.turn["state"]["asks"] == asked:
                return
            self.answers()
        raise AssertionError(f"{asked} was not asked")

    def asks_again_for_the_verdict(self) -> None:
        """The result was not kept, and the chat says so: an answer is put right, and it is."""
        self.say(f"oh sorry, he is 8, not 9, {STORY[7]}")
        for _ in range(5):
            if self.turn["state"]["verdict"] and self.turn["state"].get("stored", True):
                return
            self.answers()
        raise AssertionError("the verdict was not told again")

    def sends_the_form(self) -> int:
        """Fill in the contact form, read it back, send it; the status of the last page."""
        page = self._client.post(f"{self.url}contact", data={"session": self._session})
        assert page.status_code == 200, page.text
        first, last, email, _ = CONTACT
        filled = {
            "first_name": first,
            "last_name": last,
            "email": email,
            "phone": "(202) 555-0187",
            "country": "US",
            "relation": "parent",
            "consent_send": "yes",
            "consent_call": "yes",
        }
        page = self._client.post(f"{self.url}contact/check", data=_hidden(page.text) | filled)
        assert page.status_code == 200, page.text
        return self._client.post(f"{self.url}contact/send", data=_hidden(page.text)).status_code

    def erases(self) -> None:
        """Have everything erased that was told."""
        answer = self._client.post(f"{self.url}api/chat/erase", json={"session": self._session})
        assert answer.status_code == 200, answer.text

    def _post(self, words: str) -> httpx.Response:
        body = {"session": self._session, "message": words, "language": "en"}
        return self._client.post(f"{self.url}api/chat", json=body)


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's last form."""
    form = page[page.rindex("<form") :]
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(form)}
