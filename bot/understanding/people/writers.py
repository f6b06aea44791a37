"""Finds who the writer says to be: "I'm his great-aunt", "physician father here", "from me (mom)"."""

from __future__ import annotations

from functools import cache

from bot.understanding.language import Language
from bot.understanding.vocabulary import Found

_FILE = "people"
_PARENT, _CARER = "i_am_parent", "i_am_carer"
_ROLE, _LIKE = "role", "like"
_PATTERNS = (
    "i_am_role",
    "this_is_role",
    "role_here",
    "role_of",
    "role_of_patient",
    "not_but",
    "role_is_me",
    "me_the_role",
    "signed",
    "role_first",
)
_ALSO_OF_OTHERS = frozenset(["i_am_role", "not_but", "role_of_patient"])
_CARES = ("looks_after", "fosters")


@cache
def _roles(language: Language) -> dict[str, str]:
    """Give the cue that each word for a writer is a word of."""
    return {role: cue for cue, roles in language.table(_FILE, "roles").items() for role in roles}


@cache
def _last_words(language: Language) -> frozenset[str]:
    return frozenset(role.split()[-1] for role in _roles(language))


def role_of(like: str, role: str, language: Language) -> str:
    """Give the cue of a writer's word and of what stands before it: a foster mother is a carer."""
    fosters = not language.words(_FILE, "carers_role").isdisjoint(like.split())
    return _CARER if fosters else _roles(language)[role]


def mark_writers(found: Found) -> None:
    """Add to the cues of parents and carers where the writer says to be one."""
    message, language = found.message, found.message.language
    if not _last_words(language).isdisjoint(message.words):
        often_others = language.words(_FILE, "often_others")
        for name in _PATTERNS:
            for match in language.pattern(_FILE, name).finditer(message.norm):
                if match[_ROLE] in often_others and name not in _ALSO_OF_OTHERS:
                    continue
                cue = role_of(match[_LIKE], match[_ROLE], language)
                span = message.span_of(match)
                found.cues[cue] = sorted({*found.cue(cue), (span[0], message.span_of(match, _ROLE)[1])})
    if not language.words(_FILE, "caring").isdisjoint(message.words):
        for name in _CARES:
            for match in language.pattern(_FILE, name).finditer(message.norm):
                found.cues[_CARER] = sorted({*found.cue(_CARER), message.span_of(match)})
