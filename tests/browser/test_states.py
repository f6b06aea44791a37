"""Every state of every page: axe-core finds nothing, everything fits, and can be pressed and seen."""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .inspections import INSPECTIONS, Findings, axe, forced_colors, motion, reflow, targets
from .stage import Stage
from .states import WALKS
from .walking import visiting

TEMPLATES = Path(__file__).parents[2] / "bot" / "web" / "templates"


@pytest.mark.parametrize("inspection", INSPECTIONS)
@pytest.mark.parametrize("walk", WALKS)
def test_nothing_is_wrong(findings: Callable[[str], Findings], walk: str, inspection: str) -> None:
    assert findings(walk).told(inspection) == ""


def test_names_of_states_are_told_apart(findings: Callable[[str], Findings]) -> None:
    states = [state for walk in WALKS for state in findings(walk).states]
    assert len(states) == len(set(states))


def test_the_measures_find_what_is_wrong(browser: Browser, stage: Stage) -> None:
    """A measure that finds nothing on a bad page would find nothing anywhere."""
    with visiting(browser, stage) as visit:
        visit.open("/privacy")
        visit.page.evaluate(
            """() => {
                document.body.innerHTML = `<main><h1>Bad</h1><img src="/static/icon.svg">
                    <button id="tiny"></button>
                    <p id="long">supercalifragilisticexpialidocious-supercalifragilisticexpialidocious</p>
                    <p id="under">one line</p><p id="over">another line</p><p id="pale">pale</p></main>`;
                const style = (id, values) => Object.assign(document.getElementById(id).style, values);
                style("tiny", { minHeight: "0", height: "12px", width: "12px", padding: "0", border: "0" });
                style("long", { whiteSpace: "nowrap" });
                style("over", { position: "relative", top: "-3em" });
                style("pale", { color: "#eee", background: "#fff" });
                const moves = [{ opacity: 0 }, { opacity: 1 }];
                document.getElementById("under").animate(moves, { duration: 1e6 });
            }"""
        )
        told = "\n".join(axe(visit.page))
        for rule in ("image-alt", "button-name", "color-contrast"):
            assert rule in told
        assert "text over text" in "\n".join(reflow(visit.page))
        assert "too wide" in "\n".join(reflow(visit.page))
        assert "12 x 12" in "\n".join(targets(visit.page))
        assert "button#tiny" in "\n".join(forced_colors(visit.page))
        assert motion(visit.page) != []


def test_axe_knows_wcag_2_2(browser: Browser, stage: Stage) -> None:
    with visiting(browser, stage) as visit:
        visit.open("/privacy")
        known = visit.page.evaluate("axe.getRules(['wcag22aa']).map((rule) => rule.ruleId)")
    assert "target-size" in known, version("axe-playwright-python")
