"""Distances are right, and sort sites sensibly; none is ever left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.places import Place, distance_km, find_place, nearest, site_place
from criteria.sites import TrialSite

TOLD = yaml.safe_load((Path(__file__).parent / "sites.yml").read_text(encoding="utf-8"))
SITES = [
    TrialSite(
        told["country"], told["name"], told["city"], told.get("state"), told["latitude"], told["longitude"]
    )
    for told in TOLD
]
WITHOUT_POINTS = [replace(site, latitude=None, longitude=None) for site in SITES]
HOUSTON = Place("US", "TX", "Houston", 29.76328, -95.36327)
points = st.builds(Place, st.just("US"), latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))


def order(sites: list[TrialSite], place: Place, language: str | None = None) -> list[str | None]:
    return [near.site.city for near in nearest(sites, place, language)]


def test_distances_are_those_of_a_map() -> None:
    paris, london = Place("FR", None, "Paris", 48.8566, 2.3522), Place("GB", None, "London", 51.5074, -0.1278)
    assert distance_km(paris, london) == pytest.approx(343.6, abs=1)
    assert distance_km(HOUSTON, Place("CN", None, "Guangzhou", 23.11667, 113.25)) == pytest.approx(
        13360, abs=60
    )
    assert distance_km(paris, Place("GB")) is None


@given(points, points)
def test_a_distance_is_the_same_both_ways_and_at_most_half_the_earth(one: Place, other: Place) -> None:
    there, back = distance_km(one, other), distance_km(other, one)
    assert there is not None
    assert back is not None
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20016
    assert distance_km(one, one) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("site", WITHOUT_POINTS, ids=[str(site.city) for site in SITES])
def test_a_site_without_a_point_gets_that_of_its_town(site: TrialSite) -> None:
    found = site_place(site)
    known = site_place(SITES[WITHOUT_POINTS.index(site)])
    assert found is not None
    assert known is not None
    km = distance_km(found, known)
    assert km is not None
    assert km < 25


@pytest.mark.parametrize("sites", [SITES, WITHOUT_POINTS], ids=["points", "towns"])
def test_the_nearest_comes_first_and_none_is_left_out(sites: list[TrialSite]) -> None:
    found = order(sites, HOUSTON)
    assert found[:4] == ["Houston", "Memphis", "Los Angeles", "Boston"]
    assert sorted(map(str, found)) == sorted(str(site.city) for site in sites)
    guangzhou = find_place("near Guangzhou, China")
    assert isinstance(guangzhou, Place)
    assert order(sites, guangzhou)[:2] == ["Guangzhou", "Shanghai"]


def test_a_country_alone_sorts_by_country() -> None:
    china = order(SITES, Place("CN"))
    assert set(china[:2]) == {"Guangzhou", "Shanghai"}
    assert all(near.km is None for near in nearest(SITES, Place("CN")))


def test_a_region_alone_comes_before_its_country() -> None:
    assert order(SITES, Place("US", "TN"))[0] == "Memphis"


def test_a_site_close_behind_a_border_counts_as_near() -> None:
    detroit = find_place("Detroit")
    assert isinstance(detroit, Place)
    found = order(SITES, detroit)
    assert found.index("Toronto") < found.index("Houston")


def test_a_site_that_takes_no_patients_now_comes_last_and_stays() -> None:
    closed = replace(SITES[0], status="completed")
    found = nearest([closed, *SITES[1:]], HOUSTON)
    assert found[-1].site is closed
    assert not found[-1].open
    assert all(near.open for near in found[:-1])
    assert order([replace(SITES[0], status="recruiting"), *SITES[1:]], HOUSTON)[0] == "Houston"


def test_of_sites_about_as_far_one_where_the_language_is_spoken_comes_first() -> None:
    spanish = replace(SITES[0], name="Other hospital", latitude=29.8, languages=("es",))
    assert nearest([SITES[0], spanish], HOUSTON, "es")[0].site is spanish
    assert nearest([SITES[0], spanish], HOUSTON)[0].site is SITES[0]
    far = replace(SITES[-1], languages=("es",))
    assert nearest([SITES[0], far], HOUSTON, "es")[0].site is SITES[0]


def test_a_site_in_a_country_that_nobody_knows_is_kept() -> None:
    odd = TrialSite("Atlantis", "Hospital under the sea")
    assert nearest([odd, SITES[0]], HOUSTON)[-1].site is odd
    assert nearest([], HOUSTON) == []
