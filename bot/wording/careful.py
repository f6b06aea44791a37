"""Words that no text of ours may hold: they promise, judge, or say more than anybody knows."""

from __future__ import annotations

import re

FORBIDDEN_WORDS = re.compile(
    r"eligib|qualif|new treatment|confidential|guarantee|\bpromis|breakthrough|cure for|you should",
    re.IGNORECASE,
)
"""What no family may read in a text of ours. Quotations are exempt."""
