"""Takes e-mail addresses and phone numbers out of a message before Rasa sees it.

The chat is no place for contact details: they belong in the contact form. Numbers that tell of the illness
(dates, doses, counts, ages, lists of choices) must pass, so a run of digits has to look like a phone number
by its prefix, by the way it is grouped, or by the words before it.
"""

import re
from collections.abc import Iterator

# No letters stand in the mark, so that no part of the chat can take it for an answer.
MARK = "[***]"

_COMMON_ENDS = "com|net|org|edu|gov|info|io|me|co|cn|hk|tw|uk|us|ca|au|de|fr|es|it|nl|ch|at|in|jp|kr|ru|br|mx"
_MAIL_HOSTS = (
    "gmail|googlemail|yahoo|ymail|hotmail|outlook|live|icloud|aol|proton|protonmail|gmx|web|qq|163|126|sina"
)
_MAILS = (
    re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(
        rf"[\w.+%'-]+\s{{0,2}}@\s{{0,2}}[\w-]+(?:\s?\.\s?[\w-]+)*\s?\.\s?(?:{_COMMON_ENDS})\b", re.IGNORECASE
    ),
    re.compile(
        r"[\w.+%'-]+\s*[(\[{]\s*at\s*[)\]}]\s*[\w-]+(?:\s*(?:[(\[{]\s*dot\s*[)\]}]|\sdot\s|\.)\s*[\w-]+)+",
        re.I,
    ),
    re.compile(rf"[\w.+%'-]+\s+at\s+[\w-]+(?:\s+dot\s+[\w-]+)*\s+dot\s+(?:{_COMMON_ENDS})\b", re.IGNORECASE),
    re.compile(rf"[\w.+%'-]+\s+at\s+(?:{_MAIL_HOSTS})\s?\.\s?(?:{_COMMON_ENDS})\b", re.IGNORECASE),
)

_YEAR = r"(?:19|20)\d\d"
_DAY_OR_MONTH = r"(?:0?[1-9]|[12]\d|3[01])"
_DATES = re.compile(
    rf"(?<![\d.+])(?:{_YEAR}([-/. ]){_DAY_OR_MONTH}\1{_DAY_OR_MONTH}"
    rf"|{_DAY_OR_MONTH}([-/. ]){_DAY_OR_MONTH}\2(?:{_YEAR}|\d\d(?![-/. ]\d))"
    rf"|{_DAY_OR_MONTH}[-/.]{_YEAR}|{_YEAR}[-/.]{_DAY_OR_MONTH}"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|[12]\d|3[01]){_YEAR})(?!\d)"
)
_CANDIDATE = re.compile(r"(?<![\w.])(?:\+\s?)?\(?\+?\d(?:[ \u00a0().\-\u2010-\u2015/]{0,3}\d)+(?![\w])")
_UNIT = re.compile(
    r"\s?(?:%|x\b|m?c?g\b|µg|kg\b|m?l\b|[cm]?m\b|iu\b|units?\b|cells?\b|c?gy\b|days?\b|weeks?\b|months?\b|years?\b|/)",
    re.IGNORECASE,
)
_PHONE_WORD_BEFORE = re.compile(
    r"(?:\b(?:tele)?phone|\btel\b|\bcall|\bmobile|\bcell(?:phone)?\s*(?:is|no|number|:)|\bnumber\s*(?:is|:)|\breach"
    r"|\bwhats\s?app|\btext me|\bcontact|\bring\b|\bfax\b|\bwechat|\bphone number)[^\d\n]{0,25}$",
    re.IGNORECASE,
)
# How phone numbers are written without a prefix that gives them away: lengths of the groups of digits.
_GROUPINGS = {
    (3, 3, 4), (1, 3, 3, 4), (3, 4, 4), (3, 7), (3, 8), (4, 7), (4, 8), (5, 6), (5, 5),
    (2, 4, 4), (2, 5, 4), (2, 3, 4, 4), (1, 3, 7), (3, 3, 2, 2), (1, 3, 3, 2, 2), (4, 3, 3), (4, 3, 4),
}  # fmt: skip


def redact(text: str) -> tuple[str, bool]:
    """The text with every e-mail address and phone number replaced by ``MARK``, and whether there was one."""
    cleaned = text
    for pattern in _MAILS:
        cleaned = pattern.sub(MARK, cleaned)
    pieces, end = [], 0
    for start, stop in _phones(cleaned):
        pieces += [cleaned[end:start], MARK]
        end = stop
    cleaned = "".join([*pieces, cleaned[end:]])
    return cleaned, cleaned != text


def _phones(text: str) -> Iterator[tuple[int, int]]:
    # Dates are covered by a sign that no candidate may contain; lengths stay, so positions hold for the
    # text itself.
    without_dates = _DATES.sub(lambda found: "\x00" * len(found.group()), text)
    for found in _CANDIDATE.finditer(without_dates):
        if _is_phone(found.group(), without_dates[: found.start()], without_dates[found.end() :]):
            yield found.start(), found.end()


def _is_phone(run: str, before: str, after: str) -> bool:
    groups = re.findall(r"\d+", run)
    digits = "".join(groups)
    if not 7 <= len(digits) <= 17:
        return False
    if run.lstrip(" (").startswith("+") or digits.startswith("00"):
        return len(digits) >= 8
    if _UNIT.match(after) or re.search(r"NCT\s?$", before, re.IGNORECASE):
        return False
    if all(re.fullmatch(_YEAR, group) for group in groups):
        return False
    lengths = tuple(len(group) for group in groups)
    if _PHONE_WORD_BEFORE.search(before) and max(lengths) > 1:
        return True
    return _looks_like_phone(run, groups, lengths, digits)


def _looks_like_phone(run: str, groups: list[str], lengths: tuple[int, ...], digits: str) -> bool:
    if run.count("/") > 1 or ("/" in run and not digits.startswith("0")):
        return False
    if len(groups) == 1:
        return len(digits) >= 10 or not digits.endswith("000")
    if max(lengths) <= 2:
        # 06 12 34 56 78 is a French number; 1 3 5 7 9 11 13 is a list of choices.
        return digits.startswith("0") and set(lengths) == {2} and len(lengths) in (4, 5)
    if digits.startswith("0"):
        return len(digits) >= 9 and 1 not in lengths
    if lengths == (3, 3, 3):
        # Three blood counts look the same, but seldom begin with 6 to 9 all in one grouping used for phones.
        return digits[0] in "6789" and not all(group.endswith("0") for group in groups)
    if lengths == (3, 4):
        return re.fullmatch(r"\d{3}[-\u2010-\u2015.]\d{4}", run) is not None and not digits.endswith("00")
    if run.startswith("(") and len(digits) >= 9:
        return 1 not in lengths
    return lengths in _GROUPINGS and not all(group.endswith("00") for group in groups)
