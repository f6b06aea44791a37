"""A hospital's page that means ill: it neither restyles the widget nor reads what is said in it."""

from typing import Any

from playwright.sync_api import CDPSession, expect

from .conftest import ScriptedRasa
from .hosts import LAUNCHER, OpenHost, line, page_with

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
