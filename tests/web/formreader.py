"""A browser without scripts: reads a page's forms, fills them in and presses their buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

VOID = ("input", "br", "meta", "link", "img", "hr")


@dataclass
class Form:
    """A form as it stands on a page; ``offers`` are the values of its radio buttons and tick boxes."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.name, self.value, self.words = "", "", ""
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.ids += [told["id"]] if "id" in told else []
        if tag == "form":
            self.open = Form(told["action"])
            self.forms.append(self.open)
        if self.open is None:
            return
        if tag == "input":
            self._input(self.open, told)
        elif tag in ("textarea", "button", "select"):
            self.name, self.value, self.words = told.get("name", ""), told.get("value", ""), ""
        elif tag == "option" and "selected" in told:
            self.value = told["value"]

    @staticmethod
    def _input(form: Form, told: dict[str, str]) -> None:
        picks = told.get("type") in ("radio", "checkbox")
        if picks:
            form.offers.append(told["value"])
        if not picks or "checked" in told:
            form.fields.append((told["name"], told["value"]))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_endtag(self, tag: str) -> None:
        if self.open is None:
            return
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.open.fields.append((self.name, self.words))
        elif tag == "select":
            self.open.fields.append((self.name, self.value))
        elif tag == "button":
            self.open.buttons.append((self.words.strip(), self.name, self.value))


class Reader:
    """Somebody at the plain pages; ``page`` is the one she sees."""

    def __init__(self, web: httpx.Client) -> None:
        self.web = web
        self.page = web.get("/plain")

    @property
    def forms(self) -> list[Form]:
        """The forms of the page."""
        reader = _Forms()
        reader.feed(self.page.text)
        return reader.forms

    @property
    def ids(self) -> list[str]:
        """All ids of the page."""
        reader = _Forms()
        reader.feed(self.page.text)
        return reader.ids

    def form_of(self, button: str) -> Form:
        """The form that holds a button."""
        return next(form for form in self.forms if any(words == button for words, _, _ in form.buttons))

    def offers(self, button: str) -> bool:
        """Whether the page has such a button."""
        return any(words == button for form in self.forms for words, _, _ in form.buttons)

    def filled(self, button: str, *choices: str, **typed: str) -> tuple[str, list[tuple[str, str]]]:
        """Where a pressed button sends its form to, and the form's fields as filled in."""
        form = self.form_of(button)
        fields = [(name, value) for name, value in form.fields if not (choices and name == "choice")]
        assert set(choices) <= set(form.offers), form.offers
        assert set(typed) <= {name for name, _ in form.fields}, form.fields
        fields = [(name, typed.get(name, value)) for name, value in fields]
        fields += [("choice", choice) for choice in choices]
        fields += [(name, value) for words, name, value in form.buttons if words == button and name][:1]
        return form.action, fields

    def press(self, button: str, *choices: str, **typed: str) -> "Reader":
        """Press a button, with these choices picked and these boxes written in."""
        self.send(*self.filled(button, *choices, **typed))
        return self

    def send(self, action: str, fields: list[tuple[str, str]]) -> httpx.Response:
        """Send a form as it is; what comes back is the page she sees."""
        form = httpx.QueryParams(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.page = self.web.post(action, content=str(form), headers=headers)
        return self.page

    def to_the_verdict(self, *diagnosis: str) -> "Reader":
        """Answer all questions, with chemotherapy long ago and nothing else."""
        self.press("Start").press("Next", "parent").press("Next", age="7")
        self.press("Next", *(diagnosis or ("rhabdomyosarcoma",))).press("Next", "relapsed")
        self.press("Next", "chemotherapy").press("Next", day="2026-06-01")
        return self.press("Next", "none").press("Next", "none").press("Next", "as_usual")
