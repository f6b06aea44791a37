"""What a family says of where she lives becomes a place, several, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.places import Ambiguous, Place, find_place, home_of, place_of
from bot.places.finding import country_code, town_in
from bot.places.gazetteer import fold, gazetteer


@pytest.mark.parametrize(
    ("text", "city", "region", "country"),
    [
        ("Houston", "Houston", "TX", "US"),
        ("houston tx", "Houston", "TX", "US"),
        ("Houston, TX 77030", "Houston", "TX", "US"),
        ("near Guangzhou, China", "Guangzhou", "30", "CN"),
        ("广州", "Guangzhou", "30", "CN"),
        ("we live in texas", None, "TX", "US"),
        ("München", "Munich", "02", "DE"),
        ("london ontario", "London", "08", "CA"),
        ("london", "London", "ENG", "GB"),
        ("canada", None, None, "CA"),
        ("the UK", None, None, "GB"),
        ("USA", None, None, "US"),
        ("us", None, None, "US"),
        ("Deutschland", None, None, "DE"),
        ("Sao Paulo brazil", "São Paulo", "27", "BR"),
        ("two hours from Chicago", "Chicago", "IL", "US"),
        ("Paris, Texas", "Paris", "TX", "US"),
        ("New York", "New York City", "NY", "US"),
        ("upstate new york", None, "NY", "US"),
        ("washington dc", "Washington", "DC", "US"),
        ("washington state", None, "WA", "US"),
        ("Atlanta georgia", "Atlanta", "GA", "US"),
        ("Tbilisi, Georgia", "Tbilisi", "51", "GE"),
        ("georgia usa", None, "GA", "US"),
        ("Ontario", None, "08", "CA"),
        ("ontario california", "Ontario", "CA", "US"),
        ("Victoria, B.C.", "Victoria", "02", "CA"),
        ("bc canada", None, "02", "CA"),
        ("México", None, None, "MX"),
        ("mexico city", "Mexico City", "09", "MX"),
        ("Singapore", "Singapore", None, "SG"),
        ("Smallville, Kansas", None, "KS", "US"),
        ("Kansas City", "Kansas City", "MO", "US"),
        ("12 Oak Street, Boston MA 02115", "Boston", "MA", "US"),
        ("Nice", "Nice", "93", "FR"),
    ],
)
def test_a_place_is_found(text: str, city: str | None, region: str | None, country: str) -> None:
    place = find_place(text)
    assert isinstance(place, Place)
    assert (place.city, place.region, place.country) == (city, region, country)
    assert place.located == (city is not None)


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ("huoston", "Houston", "US"),
        ("guangzou", "Guangzhou", "CN"),
        ("torronto", "Toronto", "CA"),
        ("Pheonix arizona", "Phoenix", "US"),
        ("Birmingam uk", "Birmingham", "GB"),
        ("Texass", None, "US"),
    ],
)
def test_a_slip_of_the_pen_is_forgiven_in_large_towns(text: str, city: str | None, country: str) -> None:
    place = find_place(text)
    assert isinstance(place, Place)
    assert (place.city, place.country) == (city, country)


@pytest.mark.parametrize(
    "text", ["", "I don't know", "in a nice town", "a small town near us", "we can drive", "?!", "77030"]
)
def test_where_nothing_is_named_nothing_is_found(text: str) -> None:
    assert find_place(text) is None


@pytest.mark.parametrize("text", ["Springfield", "Georgia", "Cambridge", "washington"])
def test_several_that_may_be_meant_are_all_given(text: str) -> None:
    found = find_place(text)
    assert isinstance(found, Ambiguous)
    assert len(found.candidates) > 1


def test_the_site_s_own_country_is_meant_where_nothing_else_tells() -> None:
    assert find_place("Georgia", "US") == Place("US", "GA")
    cambridge = find_place("Cambridge", "GB")
    assert isinstance(cambridge, Place)
    assert cambridge.country == "GB"
    # A town far larger than its namesakes is meant everywhere.
    paris = find_place("Paris", "US")
    assert isinstance(paris, Place)
    assert paris.country == "FR"


@given(st.text(max_size=300))
def test_no_text_raises_and_no_place_is_half_told(text: str) -> None:
    found = find_place(text)
    places = found.candidates if isinstance(found, Ambiguous) else [found] if found else []
    for place in places:
        assert len(place.country) == 2
        assert (place.latitude is None) == (place.longitude is None) == (place.city is None)
        assert place_of(home_of(place)).country == place.country


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("Korea, Republic of", "KR"),
        ("Turkey (Türkiye)", "TR"),
        ("Russian Federation", "RU"),
        ("Iran, Islamic Republic of", "IR"),
        ("Czechia", "CZ"),
        ("CN", "CN"),
        ("Nowhere", None),
    ],
)
def test_countries_as_registries_write_them(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_a_site_s_town_is_looked_for_in_its_region_first() -> None:
    portland = town_in("Portland", "US", "Maine")
    assert portland is not None
    assert portland.region == "ME"
    seoul = town_in("Seoul-si", "KR")
    assert seoul is not None
    assert seoul.name == "Seoul"
    assert town_in("Houston", "CN") is None


def test_a_region_is_kept_by_name_and_found_again() -> None:
    assert home_of(Place("CA", "02")) == {"country": "CA", "region": "British Columbia"}
    assert place_of({"country": "CA", "region": "British Columbia"}) == Place("CA", "02")
    assert home_of(Place("DE", "02", "Munich", 48.1, 11.6)) == {
        "country": "DE",
        "city": "Munich",
        "latitude": 48.1,
        "longitude": 11.6,
    }


def test_names_are_folded() -> None:
    assert fold(" São-Paulo, ") == "sao paulo"
    assert fold("Łódź") == "lodz"


def test_the_list_is_read_once() -> None:
    assert gazetteer() is gazetteer()
