"""Which words of a language speak of a man or boy, and which of a woman or girl."""

from __future__ import annotations

from functools import cache

from bot.understanding.language import Language


@cache
def word_genders(language: Language) -> dict[str, dict[str, str]]:
    """Give, for each group of words of `people.yml`'s genders, which gender each word tells."""
    by_group: dict[str, dict[str, str]] = {}
    for gender, groups in language.table("people", "genders").items():
        for group, words in groups.items():
            by_group.setdefault(group, {}).update(dict.fromkeys(words, gender))
    return by_group
