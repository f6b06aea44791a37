"""Keeping back small numbers, and numbers that would give small ones away.

A number below ``LEAST`` is not shown. That alone hides nothing where a sum is known: of 40 chats with 33 and
4 shown parts, the part kept back is 3. So more is kept back (complementary suppression), the smallest shown
part first, until

- at least two parts are kept back, and
- together they are ``LEAST`` or more,

or until none is shown. Kept-back parts all look alike, so that nobody can tell which of them is small. Zero
is kept back like any other small number.

What remains: who looks twice sees by how much the sum has grown in between, and whether a shown part grew
with it.
"""

from collections.abc import Hashable, Mapping

LEAST = 10


def covered(number: int) -> int | None:
    """The number, or None where it is too small to be shown."""
    return number if number >= LEAST else None


def shown_parts[Key: Hashable](parts: Mapping[Key, int], whole: int | None = None) -> frozenset[Key]:
    """Which parts may be shown beside their sum.

    Without ``whole`` the parts are added up, each counted thing in exactly one of them. With it, a thing may
    be in several parts but in one at least (criteria that decided, of so many verdicts): then a part is given
    away only where the shown ones can't account for the whole.
    """
    shown = {key for key, number in parts.items() if number >= LEAST}
    hidden = {key for key, number in parts.items() if number < LEAST}
    for key in sorted(shown, key=lambda key: (parts[key], str(key))):
        rest = (
            sum(parts[key] for key in hidden) if whole is None else whole - sum(parts[key] for key in shown)
        )
        if not hidden or (whole is not None and rest <= 0):
            break
        if len(hidden) > 1 and rest >= LEAST:
            break
        shown.remove(key)
        hidden.add(key)
    return frozenset(shown)
