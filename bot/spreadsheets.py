"""Texts for CSV files that open in any spreadsheet and run nothing there.

Spreadsheets take a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, quoted or not. OWASP's
advice against it is an apostrophe before such a cell.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

# Full-width signs count too: some spreadsheets read them like the plain ones.
_FORMULA = "=+\\-@＝＋－＠"
_STARTS_FORMULA = re.compile(rf"^[\s\ufeff]*[{_FORMULA}\t\r\n\0]")
# Where a spreadsheet splits at semicolons, tabs or lines instead of commas, a cell may begin in the middle.
_SPLIT_BEFORE_FORMULA = re.compile(rf"([;\t\r\n|][\s\"']*)(?=[{_FORMULA}])")


def safe_text(text: str) -> str:
    """The text so that no spreadsheet takes it, or a part of it, as a formula."""
    text = _SPLIT_BEFORE_FORMULA.sub(r"\1'", text)
    return f"'{text}" if _STARTS_FORMULA.search(text) else text


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows under their columns: UTF-8 with a mark, every cell quoted. Cells are written as they are."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(column, "") for column in columns])
    # Without the mark Excel reads UTF-8 as something else, and names come out wrong.
    return file.getvalue().encode("utf-8-sig")
