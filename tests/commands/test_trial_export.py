"""`prescreen trial export` writes each form, to a file or to standard output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app


def test_fhir_goes_to_standard_output() -> None:
    result = CliRunner().invoke(app, ["trial", "export", "NCT06848582", "--format", "fhir"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["type"] == "collection"


def test_ctml_and_csv_go_to_a_file(tmp_path: Path) -> None:
    for form in ("ctml", "csv"):
        told = ["trial", "export", "NCT06848582", "--format", form, "--output", str(tmp_path / form)]
        assert CliRunner().invoke(app, told).exit_code == 0
    assert yaml.safe_load((tmp_path / "ctml").read_text(encoding="utf-8"))["nct_id"] == "NCT06848582"
    assert (tmp_path / "csv").read_bytes().startswith(b'\xef\xbb\xbf"trial"')


@pytest.mark.parametrize("wrong", [["NCT00000000"], ["NCT06848582", "--output", "/no/such/folder/file"]])
def test_what_cannot_be_written_is_told(wrong: list[str]) -> None:
    result = CliRunner().invoke(app, ["trial", "export", *wrong, "--format", "ctml"])
    assert result.exit_code == 2
    assert "Error: " in result.output
