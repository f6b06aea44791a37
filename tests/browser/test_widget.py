"""The launcher and its panel on a hospital's page of another origin."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Frame, Page, expect

from .conftest import OPEN_ROOTS, ScriptedRasa
from .hosts import HostPage
from .lines import answer_box

LAUNCHER = "Chat about a study"
OpenHost = Callable[..., Page]


def line(site: str, **attributes: str) -> str:
    """The one line that a hospital adds."""
    told = {"data_language": "en"} | attributes
    words = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in told.items())
    return f'<script src="{site}/widget.js"{words} async></script>'


def page_with(head: str = "", body: str = "", attributes: str = "") -> str:
    return (
        f"<!doctype html><html lang=en {attributes}><head><title>Hospital</title>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"{head}</head><body><h1>Our hospital</h1><a href='/a'>One link</a>{body}</body></html>"
    )


@pytest.fixture(params=[(360, 740), (1280, 860)], ids=["phone", "desktop"])
def open_host(
    browser: Browser,
    interview: ScriptedRasa,
    hospital: HostPage,
    site: str,
    request: pytest.FixtureRequest,
) -> Iterator[OpenHost]:
    """Opens a hospital's page; ``closed`` leaves the widget's shadow root as it is for everybody."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    problems: list[str] = []

    def make(html: str, policy: str = "", closed: bool = False, origin: str | None = None) -> Page:
        if not closed:
            context.add_init_script(OPEN_ROOTS)
        hospital.html, hospital.policy = html, policy
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(origin or hospital.origin)
        return page

    yield make
    context.close()
    hospital.policy = ""
    assert [said for said in problems if "frame-ancestors" not in said and "favicon" not in said] == []


def covers(page: Page) -> bool:
    size = page.viewport_size
    assert size is not None
    return size["width"] <= 520


def chat_of(page: Page, site: str) -> Frame:
    with page.expect_event("frameattached"):
        page.get_by_role("button", name=LAUNCHER).click()
    frame = page.frames[-1]
    expect(frame.get_by_text("Who is writing?")).to_be_visible()
    assert frame.url == f"{site}/chat"
    return frame


@pytest.mark.parametrize("where", ["in the head", "at the end", "twice"])
def test_one_line_is_all(open_host: OpenHost, site: str, where: str) -> None:
    head = "" if where == "at the end" else line(site)
    page = open_host(page_with(head, "" if where == "in the head" else line(site)))
    expect(page.get_by_role("button", name=LAUNCHER)).to_have_count(1)
    chat_of(page, site).get_by_role("button", name="I am a parent").click()
    expect(page.frames[-1].get_by_text("Which treatments?")).to_be_visible()
    assert page.locator("prescreen-widget").count() == 1


@pytest.mark.parametrize("language", ["fr", "constructor", "", "en-GB"])
def test_unknown_language_is_answered_in_english(open_host: OpenHost, site: str, language: str) -> None:
    page = open_host(page_with(line(site, data_language=language)))
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()


def test_dialog_takes_the_focus_and_gives_it_back(open_host: OpenHost, site: str) -> None:
    page = open_host(page_with(line(site), body="<button>Other</button>"))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(launcher if not covers(page) else page.locator(".launcher")).to_have_attribute(
        "aria-expanded", "true"
    )
    panel = page.get_by_role("dialog", name=LAUNCHER)
    expect(panel).to_be_visible()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Who is writing?")).to_be_visible()
    expect(page.locator("iframe")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(frame.locator(".bubble:focus")).to_contain_text("Who is writing?")
    page.get_by_role("button", name="Close the chat").click()
    expect(launcher).to_be_focused()


def test_page_behind_a_covering_panel_is_out_of_reach(open_host: OpenHost, site: str) -> None:
    page = open_host(page_with(line(site), body="<button>Other</button>"))
    chat_of(page, site)
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement.tagName"))
    if covers(page):
        assert reached <= {"BODY", "PRESCREEN-WIDGET"}
        assert not page.evaluate(
            """() => {
                const other = document.querySelector("button");
                other.focus();
                return document.activeElement === other;
            }"""
        )
    else:
        assert {"A", "BUTTON", "PRESCREEN-WIDGET"} <= reached
        page.get_by_role("button", name="Other").click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name=LAUNCHER)).to_be_visible()


def test_turning_the_phone_keeps_the_chat(open_host: OpenHost, site: str, interview: ScriptedRasa) -> None:
    page = open_host(page_with(line(site)))
    answer_box(chat_of(page, site)).fill("half a sen")  # type: ignore[arg-type]
    before = page.viewport_size
    assert before is not None
    for width, height in ((740, 360), (1024, 768), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.get_by_role("dialog", name=LAUNCHER)).to_be_visible()
    expect(answer_box(page.frame_locator("iframe"))).to_have_value("half a sen")
    assert interview.heard == ["hello"]


def test_links_of_the_page_open_it_too(open_host: OpenHost, site: str) -> None:
    body = f"<a href='{site}/chat' data-prescreen-open><b>See if it fits</b></a>"
    page = open_host(page_with(line(site), body=body))
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    page.get_by_text("See if it fits").click()
    expect(page.frame_locator("iframe").get_by_text("Who is writing?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="See if it fits")).to_be_focused()


STRICT = "default-src 'none'; script-src {site}; style-src {site}; frame-src {site}"
NO_SHEETS = "CSSStyleSheet.prototype.replaceSync = undefined;"


@pytest.mark.parametrize("old", [False, True], ids=["", "without constructed sheets"])
def test_strict_policy_of_the_page_is_kept(open_host: OpenHost, site: str, old: bool) -> None:
    page = open_host(page_with(line(site)), policy=STRICT.format(site=site))
    if old:
        page.add_init_script(NO_SHEETS)
        page.reload()
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_css("position", "fixed")
    expect(launcher).to_have_css("background-color", "rgb(31, 111, 107)")
    chat_of(page, site)


def test_blocked_frame_leads_to_the_page(open_host: OpenHost, site: str, hospital: HostPage) -> None:
    page = open_host(page_with(line(site)), origin=hospital.other_origin)
    page.get_by_role("button", name=LAUNCHER).click()
    panel = page.get_by_role("dialog", name=LAUNCHER)
    expect(panel.get_by_text("If it does not, use one of these links.")).to_be_visible()
    for name, path in (("Open the chat in a new window", "/chat"), ("Answer on simple pages", "/plain")):
        link = panel.get_by_role("link", name=name)
        expect(link).to_have_attribute("href", f"{site}{path}")
        expect(link).to_be_in_viewport(ratio=1)
        expect(link).to_have_attribute("target", "_blank")


@pytest.mark.parametrize(
    ("color", "background", "ink"),
    [
        ("#ffd400", "rgb(255, 212, 0)", "rgb(0, 0, 0)"),
        ("#004b87", "rgb(0, 75, 135)", "rgb(255, 255, 255)"),
        ("#777777", "rgb(119, 119, 119)", "rgb(0, 0, 0)"),
        ("red; --z: 1", "rgb(31, 111, 107)", "rgb(255, 255, 255)"),
    ],
)
def test_color_of_the_hospital_stays_readable(
    open_host: OpenHost, site: str, color: str, background: str, ink: str
) -> None:
    page = open_host(page_with(line(site, data_color=color)))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_css("background-color", background)
    expect(launcher).to_have_css("color", ink)


def test_place_label_and_layer_are_the_hospitals(open_host: OpenHost, site: str) -> None:
    page = open_host(
        page_with(line(site, data_position="left", data_label="Find a study", data_z_index="77"))
    )
    launcher = page.get_by_role("button", name="Find a study")
    expect(launcher).to_have_css("left", "16px")
    expect(launcher).to_have_css("z-index", "77")
    launcher.click()
    expect(page.get_by_role("dialog", name=LAUNCHER)).to_be_in_viewport(ratio=1)


def test_attributes_that_make_no_sense_are_left_aside(open_host: OpenHost, site: str) -> None:
    page = open_host(page_with(line(site, data_position="top", data_label="   ", data_z_index="-3; x")))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_css("right", "16px")
    expect(launcher).to_have_css("z-index", "2147483000")


def test_page_that_reads_from_right_to_left(open_host: OpenHost, site: str) -> None:
    page = open_host(page_with(line(site), attributes="dir=rtl"))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_css("direction", "ltr")
    expect(launcher).to_be_in_viewport(ratio=1)
    chat_of(page, site)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


HOSTILE_STYLES = """<style>
    * { all: unset !important; display: none !important; opacity: 0 !important; color: red !important;
        direction: rtl !important; font-size: 3px !important; --color: red; --ink: red; --z: -1; }
    prescreen-widget, button, iframe, dialog { position: absolute !important; left: -999px !important;
        visibility: hidden !important; pointer-events: none !important; transform: scale(0) !important; }
    html, body { display: block !important; opacity: 1 !important; }
</style>"""
HOSTILE_SCRIPT = """<script>
    window.got = []; window.found = [];
    addEventListener("message", (event) => got.push(event.data));
    const look = () => {
        const host = document.querySelector("prescreen-widget");
        if (!host) return;
        host.style.cssText = "display: none !important; opacity: 0 !important; position: absolute !important";
        found.push(host.shadowRoot, host.innerText, host.childNodes.length, frames.length,
            document.querySelectorAll("iframe").length, document.elementFromPoint(20, 20)?.shadowRoot);
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    setInterval(look, 50);
</script>"""


def in_the_widget(session: CDPSession, selector: str) -> dict[str, Any]:
    """The middle and the styles of an element behind the closed shadow root, which the browser can see."""
    session.send("DOM.enable")
    session.send("CSS.enable")

    def find(node: dict[str, Any]) -> int | None:
        for root in node.get("shadowRoots", []):
            found = session.send("DOM.querySelector", {"nodeId": root["nodeId"], "selector": selector})
            if found["nodeId"]:
                return int(found["nodeId"])
        for child in node.get("children", []):
            if (inner := find(child)) is not None:
                return inner
        return None

    node = find(session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"])
    assert node is not None, selector
    styles = session.send("CSS.getComputedStyleForNode", {"nodeId": node})["computedStyle"]
    left, top, right, _, _, bottom = session.send("DOM.getBoxModel", {"nodeId": node})["model"]["border"][:6]
    told = {style["name"]: style["value"] for style in styles}
    return {"x": (left + right) / 2, "y": (top + bottom) / 2, "styles": told}


def test_hostile_page_neither_restyles_nor_reads_it(
    open_host: OpenHost, site: str, interview: ScriptedRasa
) -> None:
    page = open_host(page_with(HOSTILE_STYLES + HOSTILE_SCRIPT + line(site)), closed=True)
    page.wait_for_function("() => window.found.length > 0")
    session = page.context.new_cdp_session(page)
    launcher = in_the_widget(session, ".launcher")
    expected = {
        "display": "flex",
        "position": "fixed",
        "visibility": "visible",
        "opacity": "1",
        "direction": "ltr",
        "background-color": "rgb(31, 111, 107)",
        "color": "rgb(255, 255, 255)",
        "z-index": "2147483000",
    }
    assert {name: launcher["styles"][name] for name in expected} == expected
    assert float(launcher["styles"]["font-size"].removesuffix("px")) > 15
    with page.expect_event("frameattached"):
        page.mouse.click(launcher["x"], launcher["y"])
    frame = page.frames[-1]
    frame.get_by_role("button", name="I am a parent").click()
    expect(frame.get_by_text("Which treatments?")).to_be_visible()
    assert in_the_widget(session, "iframe")["styles"]["visibility"] == "visible"
    seen = page.evaluate("() => found.length")
    page.wait_for_function("seen => found.length > seen", arg=seen)
    assert set(page.evaluate("() => [...new Set(found.map(String))]")) == {"null", "", "0"}
    got = page.evaluate("() => got.filter((said) => typeof said === 'string')")
    assert set(got) <= {"prescreen-ready", "prescreen-close"}
    assert interview.heard == ["hello", "parent"]


def test_page_that_shakes_its_body_moves_nothing(open_host: OpenHost, site: str) -> None:
    head = "<style>body { transform: translateX(300px); filter: blur(4px); } html { font-size: 4px; }</style>"
    page = open_host(page_with(head + line(site)))
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_be_in_viewport(ratio=1)
    assert float(launcher.evaluate("it => getComputedStyle(it).fontSize").removesuffix("px")) > 15
