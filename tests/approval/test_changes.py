"""What differs between two scripts, and scripts read back out of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.approval.changes import Change, difference
from bot.approval.content import Entry, content, fingerprint
from bot.approval.keeping import UnreadableScript, comment, keep, kept, read_script

ONE, TWO, THREE = (Entry("en", key, text) for key, text in (("a", "One."), ("b", "Two."), ("c", "Three.")))
CONTENT = content("NCT06848582")


def test_equal_contents_do_not_differ() -> None:
    assert not difference((ONE, TWO), (ONE, TWO))


def test_what_came_went_and_changed() -> None:
    found = difference((ONE, TWO), (TWO._replace(text="Other."), THREE))
    assert found.changes == (
        Change("en:b", "Two.", "Other."),
        Change("en:c", None, "Three."),
        Change("en:a", "One.", None),
    )
    assert [change.kind for change in found.changes] == ["changed", "added", "removed"]
    assert found.moved == ()


def test_another_order_is_a_difference() -> None:
    found = difference((ONE, TWO, THREE), (TWO, THREE, ONE))
    assert found.changes == ()
    assert found.moved == ("en:a",)
    assert found


@pytest.mark.parametrize("around", ["# Script\n\n{}\n", "<!doctype html><p>x</p>{}</html>"])
def test_a_content_comes_back_out_of_its_comment(tmp_path: Path, around: str) -> None:
    path = tmp_path / "script"
    path.write_text(around.format(comment(CONTENT)), encoding="utf-8")
    assert read_script(path) == CONTENT


@pytest.mark.parametrize(
    "junk", [b"", b"# No script\n", b"{}", b"[1]", b"\xff\xfe", b"<!-- prescreen-script:\nAAAA\n-->"]
)
def test_what_is_no_script_is_refused_in_one_sentence(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "script.md"
    path.write_bytes(junk)
    with pytest.raises(UnreadableScript, match=r"script\.md .*\.$"):
        read_script(path)


def test_a_kept_content_is_found_by_its_hash_alone(tmp_path: Path) -> None:
    keep(CONTENT, tmp_path)
    keep(CONTENT, tmp_path)
    assert kept(tmp_path, fingerprint(CONTENT)) == CONTENT
    assert kept(tmp_path, "0" * 64) is None
    [file] = (tmp_path / "scripts").iterdir()
    file.write_text(file.read_text(encoding="utf-8").replace("How old", "How tall"), encoding="utf-8")
    assert kept(tmp_path, fingerprint(CONTENT)) is None


def test_nothing_stops_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "scripts").write_text("a file in the way")
    keep(CONTENT, tmp_path)
    assert kept(tmp_path, fingerprint(CONTENT)) is None
