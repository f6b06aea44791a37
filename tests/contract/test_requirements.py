"""The pinned requirements: hashed, complete, and naming no registry."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
NAMES = sorted(path.stem for path in REQUIREMENTS.glob("*.in"))


def pinned(name: str) -> dict[str, str]:
    """Package and version of each pin in a compiled file."""
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", NAMES)
def test_every_pin_has_a_hash(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9])", text) if "==" in entry]
    assert entries
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wanted_is_pinned(name: str) -> None:
    wanted = re.findall(
        r"^([A-Za-z][\w.-]*)", (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {package.lower().replace("_", "-") for package in wanted} <= pinned(name).keys()


@pytest.mark.parametrize("name", NAMES)
def test_no_registry_is_named(name: str) -> None:
    for suffix in ("in", "txt"):
        text = (REQUIREMENTS / f"{name}.{suffix}").read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text


def test_the_program_and_its_tests_share_versions() -> None:
    app, dev = pinned("app"), pinned("dev")
    assert {name: (version, dev.get(name)) for name, version in app.items() if dev.get(name) != version} == {}


def test_the_two_sides_of_rasa_are_the_ones_that_were_tried_together() -> None:
    assert pinned("app")["rasa-sdk"] == "3.21.1"
    assert pinned("rasa")["rasa"] == "3.6.21"
    assert pinned("dev")["textstat"] == "0.7.4"
