"""From a family's words to a place: "near Guangzhou, China", "we live in texas", "london ontario"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.places.gazetteer import Gazetteer, Town, fold, gazetteer
from bot.places.model import Ambiguous, Place

_LONGEST_TEXT = 200
_MOST_WORDS = 5
"""The longest name of a place that is looked for, in words."""
_FAR_LARGER = 2.5
"""A town is meant where it has this many times the people of the next one of its name."""
_LARGE_AS_ITS_REGION = 500_000
_SIDE_BY_SIDE_DEGREES = 0.5
_SHORTEST_SLIP, _SHORTEST_TWO_SLIPS = 5, 8
_SHORTEST_PLACE = 3


@dataclass(frozen=True)
class _Named:
    """A stretch of the words and what it names."""

    start: int
    end: int
    towns: tuple[Town, ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    country: str | None = None


def find_place(text: str, home_country: str | None = None) -> Place | Ambiguous | None:
    """The place that a family says she lives in or near.

    text          her words, of which the first 200 signs count
    home_country  the site's country, which is meant where a name has no other sign and stands in it too

    A country alone, or a part of one, is a place without a town and without a point on the map. Ambiguous
    where several places are meant equally well; None where no place is found.
    """
    known = gazetteer()
    words = fold(text[:_LONGEST_TEXT]).split()
    capitals = frozenset(fold(word) for word in text.split() if word[:1].isupper())
    named = [
        one
        for one in _named(words, known, _upper(text))
        if not _ordinary(words[one.start : one.end], words, capitals, known)
    ]
    if _town(named, home_country) is None:
        named += _slips(words, named, known)
    if not known.state_words.isdisjoint(words) and any(one.regions for one in named):
        named = [_Named(one.start, one.end, regions=one.regions, country=one.country) for one in named]
    return _town(named, home_country) or _without_town(named, home_country)


def _ordinary(name: list[str], words: list[str], capitals: frozenset[str], known: Gazetteer) -> bool:
    """Whether a name is an ordinary word here: "a nice town", and not "Nice" or "nice france"."""
    if len(name) > 1 or name[0] not in known.ordinary or name[0] in capitals:
        return False
    return any(word in known.beside for word in words)


def _upper(text: str) -> frozenset[str]:
    """The words that stand in capitals: "US" is a country, "us" is not."""
    return frozenset(fold(word) for word in text.replace(".", "").split() if word.strip(",;()").isupper())


def _named(words: list[str], known: Gazetteer, upper: frozenset[str]) -> Iterator[_Named]:
    """Each name in the words, the longest at every place first."""
    at = 0
    while at < len(words):
        found = next(
            (
                one
                for length in range(min(_MOST_WORDS, len(words) - at), 0, -1)
                if (one := _at(words, at, at + length, known, upper))
            ),
            None,
        )
        if found is None:
            at += 1
            continue
        yield found
        at = found.end


def _at(words: list[str], start: int, end: int, known: Gazetteer, upper: frozenset[str]) -> _Named | None:
    """What the words from start to end name together, if anything."""
    name = " ".join(words[start:end])
    if end - start == 1:
        code = _code(words, start, known, upper)
        if code:
            return code
        if name in known.beside or name.isdigit():
            return None
    towns, regions, country = _meaning(name, known)
    return _Named(start, end, towns, regions, country) if towns or regions or country else None


def _code(words: list[str], at: int, known: Gazetteer, upper: frozenset[str]) -> _Named | None:
    """A short code such as "tx": in capitals, or right behind a town that lies there."""
    word = words[at]
    if word == "us":
        alone = len(words) == 1
        return _Named(at, at + 1, country="US") if alone or word in upper else None
    if word not in known.codes:
        return None
    for before in range(1, min(_MOST_WORDS, at) + 1):
        towns = known.towns.get(" ".join(words[at - before : at]), ())
        pairs = tuple(pair for pair in known.codes[word] if any(_in(town, *pair) for town in towns))
        if pairs:
            return _Named(at, at + 1, regions=pairs)
    following = known.countries.get(" ".join(words[at + 1 :]))
    pairs = tuple(pair for pair in known.codes[word] if pair[0] == following)
    if pairs:
        return _Named(at, at + 1, regions=pairs)
    if word in upper and len(upper) < len(words):
        return _Named(at, at + 1, regions=known.codes[word])
    return None


def _slips(words: list[str], named: list[_Named], known: Gazetteer) -> list[_Named]:
    """Names with a slip of the pen, among the words that name nothing: of large towns, regions and countries.

    Beside a country or a region only a town that lies there.
    """
    taken = {at for one in named for at in range(one.start, one.end)}
    rest = [
        (word, at)
        for at, word in enumerate(words)
        if at not in taken and word not in known.beside and not word.isdigit()
    ]
    stretches = [(word, at, at + 1) for word, at in rest]
    stretches += [
        (f"{one} {two}", at, at + 2) for (one, at), (two, next_) in pairwise(rest) if next_ == at + 1
    ]
    names = known.large if named else (*known.large, *known.regions, *known.countries)
    for stretch, start, end in sorted(stretches, key=lambda one: -len(one[0])):
        if len(stretch) < _SHORTEST_SLIP:
            continue
        most = 2 if len(stretch) >= _SHORTEST_TWO_SLIPS else 1
        near = process.extract(stretch, names, scorer=OSA.distance, score_cutoff=most, limit=None)
        closest = min((score for _, score, _ in near), default=0)
        found = [
            _Named(start, end, *_meaning(name, known))
            for name in sorted(
                {name for name, score, _ in near if score == closest and len(name) >= _SHORTEST_SLIP}
            )
        ]
        if named:
            found = [one for one in found if any(_lies_in(town, named) for town in one.towns)]
        if found:
            towns = tuple(town for one in found for town in one.towns)
            regions = tuple(pair for one in found for pair in one.regions)
            countries = [one.country for one in found if one.country]
            return [_Named(start, end, towns, regions, countries[0] if countries else None)]
    return []


def _meaning(name: str, known: Gazetteer) -> tuple[tuple[Town, ...], tuple[tuple[str, str], ...], str | None]:
    """What a name means: towns, regions, a country.

    Of towns that are named like a country only those count that lie in it and have just that name, such as
    Singapore: Mexico is no town.
    """
    towns = known.towns.get(name, ())
    regions, country = known.regions.get(name, ()), known.countries.get(name)
    if country:
        towns = tuple(town for town in towns if town.country == country and fold(town.name) == name)
    return towns, regions, country


def _lies_in(town: Town, wider: Iterable[_Named]) -> bool:
    """Whether the town lies in each of the countries and regions named."""
    return all(
        town.country == one.country or any(_in(town, *pair) for pair in one.regions)
        for one in wider
        if one.country or one.regions
    )


def _town(named: list[_Named], home_country: str | None) -> Place | Ambiguous | None:
    """The first town named that lies where the other names say."""
    wider = [one for one in named if one.country or one.regions]
    for one in named:
        others = [other for other in wider if other is not one]
        towns = [town for town in one.towns if _lies_in(town, others)]
        if one.regions and not others:
            # New York is the town; Ontario is not the one in California.
            towns = [town for town in towns if town.people >= _LARGE_AS_ITS_REGION]
        if not towns and others and all(other.towns for other in others) and not one.regions:
            # "near Houston, an hour from New York": another town, and no part of a country.
            towns = list(one.towns)
        if towns:
            return _chosen(towns, () if others else one.regions, home_country)
    return None


def _chosen(
    towns: list[Town], regions: Iterable[tuple[str, str]], home_country: str | None
) -> Place | Ambiguous:
    """The town that is meant: far larger than the others of its name, or in the site's own country."""
    unique = sorted(dict.fromkeys(towns), key=lambda town: -town.people)
    first = unique[0]
    if regions and not any(_in(first, *pair) for pair in regions):
        # Washington is a town, and a state far from it.
        return _many([*(town.place() for town in unique), *(Place(*pair) for pair in regions)])
    if len(unique) == 1 or first.people >= _FAR_LARGER * unique[1].people:
        return first.place()
    at_home = [town for town in unique if town.country == home_country]
    if at_home and (len(at_home) == 1 or at_home[0].people >= _FAR_LARGER * at_home[1].people):
        return at_home[0].place()
    chosen = at_home or unique
    if all(_side_by_side(chosen[0], other) for other in chosen):
        return chosen[0].place()
    return _many([town.place() for town in chosen])


def _side_by_side(one: Town, other: Town) -> bool:
    """Whether two towns lie so near that it does not matter which is meant, such as the two Kansas Cities."""
    near = abs(one.latitude - other.latitude), abs(one.longitude - other.longitude)
    return max(near) <= _SIDE_BY_SIDE_DEGREES


def _without_town(named: list[_Named], home_country: str | None) -> Place | Ambiguous | None:
    """The regions or countries named, each region only where a country named beside it holds it."""
    countries = [one.country for one in named if one.country and not one.regions]
    regions = [pair for one in named for pair in one.regions]
    regions = [pair for pair in regions if pair[0] in countries] or ([] if countries else regions)
    found = [Place(*pair) for pair in regions] or [Place(country) for country in countries]
    if not countries:
        # "Georgia" is a state and a country.
        found += [Place(one.country) for one in named if one.country]
    held = {place.country for place in found if place.region}
    found = [place for place in found if place.region or place.country not in held]
    at_home = [place for place in found if place.country == home_country]
    chosen = at_home or found
    return _many(chosen) if chosen else None


def _many(places: Iterable[Place]) -> Place | Ambiguous:
    unique = tuple(dict.fromkeys(places))
    return unique[0] if len(unique) == 1 else Ambiguous(unique[:10])


def _in(town: Town, country: str, region: str) -> bool:
    return town.country == country and town.region == region


def town_in(city: str, country: str, region: str | None = None) -> Town | None:
    """The largest town of this name in a country, and in its region where that is known and has one."""
    known = gazetteer()
    for name in _ways_to_write(fold(city)):
        towns = [town for town in known.towns.get(name, ()) if town.country == country]
        pairs = known.regions.get(fold(region), ()) if region else ()
        within = [town for town in towns if any(_in(town, *pair) for pair in pairs)]
        if pairs and towns and not within:
            continue
        if towns:
            return max(within or towns, key=lambda town: town.people)
    return None


def _ways_to_write(name: str) -> Iterator[str]:
    """A town as registries write it: "seoul", "new york", "frankfurt am main", "st louis", "roma rm"."""
    yield name
    for ending in (" city", " shi", " si", " district", " metropolitan city"):
        if name.endswith(ending):
            yield name.removesuffix(ending)
    if name.startswith("saint "):
        yield "st " + name.removeprefix("saint ")
    words = name.split()
    for length in range(len(words) - 1, 0, -1):
        if len(" ".join(words[:length])) >= _SHORTEST_PLACE:
            yield " ".join(words[:length])


def country_code(name: str) -> str | None:
    """The two letters of a country as a registry, or anybody, writes it; None where it is not known."""
    if len(name) == 2 and name.isupper():
        return name
    return gazetteer().countries.get(fold(name))
