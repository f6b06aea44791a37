"""Somebody in front of a browser: opens pages, talks with the chat, fills in forms."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, FrameLocator, Page, Request, Route, expect
from sqlalchemy import text

from .chromium import OPEN_ROOTS
from .stage import Stage

CHAT_API = "**/api/chat"
CONTACT = {"First name": "Ana", "Last name": "Li", "E-mail": "ana@mail.example", "Phone": "+1 202 555 0123"}


class Visit:
    """One visitor. ``chat`` is where the chat is: the page itself, or the widget's frame on it."""

    def __init__(self, context: BrowserContext, stage: Stage) -> None:
        self.stage = stage
        context.add_init_script(OPEN_ROOTS)
        self.page: Page = context.new_page()
        self.chat: Page | FrameLocator = self.page
        self.session = ""

    def open(self, path: str, bare: bool = False) -> None:
        """A page of the site by its path, or of the bare site."""
        self.page.goto((self.stage.bare_url if bare else self.stage.url) + path)

    def open_chat(self) -> None:
        """The chat's own page, with the greeting."""
        with self.turn():
            self.open("/chat")

    def forget(self) -> None:
        """Be somebody whose browser knows of no chat."""
        # From a page without scripts, which would write down what they know once more.
        self.open("/privacy")
        self.page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")

    def open_widget(self) -> None:
        """The chat on the hospital's page."""
        with self.turn():
            self.page.get_by_role("button", name="Chat about a study").click()
            self.chat = self.page.frame_locator("iframe")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """What is done here sends one message; afterwards its answer stands in the log."""
        with self.page.expect_response(CHAT_API) as answered:
            yield
        answer = answered.value.json()
        self.session, told = answer["session"], answer["messages"]
        expect(self.chat.get_by_role("log")).to_contain_text(told[-1]["text"])
        expect(self.chat.get_by_role("textbox", name="Your answer")).to_be_attached()

    def type(self, words: str) -> None:
        """Words into the answer box, not sent."""
        self.chat.get_by_role("textbox", name="Your answer").fill(words)

    def say(self, *lines: str) -> None:
        """Type one message after the other, each once the one before is answered."""
        for line in lines:
            with self.turn():
                self.type(line)
                self.chat.get_by_role("textbox", name="Your answer").press("Enter")

    def press(self, name: str) -> None:
        """A button, by its whole name."""
        self.chat.get_by_role("button", name=name, exact=True).click()

    def choose(self, name: str) -> None:
        """A button that sends an answer."""
        with self.turn():
            self.press(name)

    def tick(self, *names: str) -> None:
        """Boxes of a list, by their whole names."""
        for name in names:
            self.chat.get_by_role("checkbox", name=name, exact=True).check()

    @contextmanager
    def answers_held_back(self) -> Iterator[None]:
        """While this lasts, the chat waits for its answer."""
        held: list[Route] = []
        self.page.route(CHAT_API, lambda route: held.append(route))
        yield
        with self.turn():
            held.pop().continue_()
        self.page.unroute(CHAT_API)

    @contextmanager
    def no_network(self) -> Iterator[None]:
        """While this lasts, no message gets through; then the one that waits goes by itself."""
        self.page.context.set_offline(True)
        yield
        with self.turn():
            self.page.context.set_offline(False)

    @contextmanager
    def table_missing(self, name: str) -> Iterator[None]:
        """While this lasts, the site's database fails wherever this table is needed."""
        with self.stage.store() as store:
            with store.session() as session:
                session.execute(text(f"ALTER TABLE {name} RENAME TO {name}_away"))
            try:
                yield
            finally:
                with store.session() as session:
                    session.execute(text(f"ALTER TABLE {name}_away RENAME TO {name}"))

    def fill_form(self) -> None:
        """Everything the contact form needs."""
        for label, words in CONTACT.items():
            self.page.get_by_label(label).fill(words)
        self.page.get_by_label("Yes, send my answers").check()
        self.page.get_by_label("may call or write").check()

    def submit(self, name: str, heading: str) -> None:
        """A button that leads to the page with this heading."""
        self.page.get_by_role("button", name=name).first.click()
        expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()

    def post(self, path: str, **fields: str) -> None:
        """Sends a form of our own making to a path, as the browser does, and waits for what comes."""
        with self.page.expect_navigation():
            self.page.evaluate(
                """([path, fields]) => {
                    const form = document.createElement("form");
                    Object.assign(form, { method: "post", action: path });
                    for (const [name, value] of Object.entries(fields)) {
                        const field = document.createElement("input");
                        form.append(Object.assign(field, { type: "hidden", name, value }));
                    }
                    document.body.append(form);
                    form.submit();
                }""",
                [path, fields],
            )


def own_requests_only(page: Page, stage: Stage, problems: list[str]) -> None:
    """Note every request that leaves the two sites."""

    def look(request: Request) -> None:
        if not request.url.startswith((stage.url, stage.bare_url, "data:", "about:")):
            problems.append(request.url)

    page.on("request", look)
