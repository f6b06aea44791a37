"""The CSV export: whole for people, harmless for spreadsheets."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.export import COLUMNS, leads_as_csv, safe_phone
from bot.leads.intake import Contact, store_lead
from bot.leads.models import Lead
from bot.spreadsheets import safe_text

SIGNS = "=+-@\t\r"


def stored(store: Store, screening: dict[str, Any], number: int = 1, **told: str) -> str:
    contact = Contact(
        **(
            {"first_name": "Ana", "last_name": "Li", "email": "ana@mail.com", "phone": "+86 138 0013 8000"}
            | told
        )
    )
    return store_lead(f"s{number}", f"form-{number}", screening, contact, [], store).reference


def read(exported: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_a_lead_is_a_line_with_all_that_a_call_needs(store: Store, screening: dict[str, Any]) -> None:
    reference = stored(
        store, screening, language="中文", relation="parent", country="CN", best_time="after 5 pm"
    )
    (row,) = read(leads_as_csv([reference], store))
    assert tuple(row) == COLUMNS
    told = {name: row[name] for name in ("reference", "state", "verdict", "first_name", "email", "language")}
    assert told == {
        "reference": reference,
        "state": "new",
        "verdict": "possible",
        "first_name": "Ana",
        "email": "ana@mail.com",
        "language": "中文",
    }
    assert row["to_be_checked"] == "E2: heart problem: not told"
    assert (row["relation"], row["country"], row["best_time"]) == ("parent", "CN", "after 5 pm")


def test_the_phone_number_is_whole_and_text(store: Store, screening: dict[str, Any]) -> None:
    references = [stored(store, screening), stored(store, screening, 2, phone="0138 0013 8000")]
    rows = read(leads_as_csv(references, store))
    assert [row["phone"] for row in rows] == ["tel:+86 138 0013 8000", "tel:0138 0013 8000"]
    assert safe_phone("") == ""


def test_the_file_says_that_it_is_utf8_and_quotes_every_cell(store: Store, screening: dict[str, Any]) -> None:
    exported = leads_as_csv([stored(store, screening, last_name='O"Neil, Ang')], store)
    assert exported.startswith(b"\xef\xbb\xbf")
    head, line, end = exported.decode("utf-8-sig").split("\r\n")
    assert head == ",".join(f'"{column}"' for column in COLUMNS)
    assert '"O""Neil, Ang"' in line
    assert end == ""


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        " =1+1",
        "＝1+1",
        "＠SUM(A1)",
        "\ufeff=1",
        "\0=1",
    ],
)
def test_formulas_become_text(store: Store, screening: dict[str, Any], name: str) -> None:
    exported = leads_as_csv([stored(store, screening, first_name=name, best_time=name, email=name)], store)
    (row,) = read(exported)
    for column in ("first_name", "best_time", "email"):
        assert row[column].startswith("'")
        assert row[column].replace("'", "") == name


@pytest.mark.parametrize(
    "name", ['x;=cmd|"/c calc"!A0;', 'x";=1+1;"', "x\t=1+1\t", "x\r\n=1+1\r\n", 'x; "=1+1', "x;-1", "x;;@a"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula_wherever_the_lines_are_split(
    store: Store, screening: dict[str, Any], name: str, delimiter: str
) -> None:
    exported = leads_as_csv([stored(store, screening, first_name=name)], store)
    for line in csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline=""), delimiter=delimiter):
        assert not [cell for cell in line if cell.strip().startswith(tuple("=+-@"))]


@given(st.text(alphabet=st.sampled_from(list("a=+-@\t\r\n;,|\"' ＝＋－＠\0 1(")), max_size=20))
def test_whatever_is_written_no_cell_starts_like_a_formula(text: str) -> None:
    for safe in (safe_text(text), safe_phone(text)):
        assert not safe.startswith(tuple(SIGNS + "＝＋－＠\n\0"))
        for part in safe.replace("\t", ";").replace("\n", ";").replace("\r", ";").split(";")[1:]:
            assert not part.strip(' "').startswith(tuple("=+-@＝＋－＠")), safe


@pytest.mark.parametrize("text", ["Ana", "Anne-Marie", "ana@mail.com", "1 + 1", "李", "E2: a; b", ""])
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert safe_text(text) == text


def test_a_lead_that_was_taken_back_is_a_line_without_data(store: Store, screening: dict[str, Any]) -> None:
    reference = stored(store, screening)
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
        lead.withdrawn, lead.contact_sealed, lead.screening = now(), None, {}
        lead.state, lead.closed_reason = "closed", "withdrawn"
    (row,) = read(leads_as_csv([reference], store))
    filled = {column for column, text in row.items() if text}
    assert filled == {"reference", "received", "state", "state_since", "closed_because", "trial", "withdrawn"}


def test_a_lead_whose_key_is_gone_keeps_its_line(store: Store, screening: dict[str, Any]) -> None:
    reference = stored(store, screening)
    with store.session() as session:
        session.scalars(select(Lead)).one().contact_sealed = "gAAAAABnot-a-token"
    (row,) = read(leads_as_csv([reference], store))
    assert (row["reference"], row["verdict"], row["first_name"], row["phone"]) == (
        reference,
        "possible",
        "",
        "",
    )


def test_the_order_is_the_one_asked_for_over_many_leads(store: Store, screening: dict[str, Any]) -> None:
    made = [stored(store, screening, number) for number in range(205)]
    assert [row["reference"] for row in read(leads_as_csv(made[::-1], store))] == made[::-1]
