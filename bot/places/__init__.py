"""Towns and how far they are, from a file that comes with a package: nothing is asked over the network.

    find_place("near Guangzhou, China")       # Place("CN", city="Guangzhou", ...)
    nearest(trial.sites, place)               # the trial's sites, the nearest first

A distance sorts and is shown. It never rules anybody out. docs/places.md says how places are read.
"""

from bot.places.distance import Near, distance_km, nearest, site_place
from bot.places.finding import find_place
from bot.places.home import home_of, place_of
from bot.places.model import Ambiguous, Place

__all__ = [
    "Ambiguous",
    "Near",
    "Place",
    "distance_km",
    "find_place",
    "home_of",
    "nearest",
    "place_of",
    "site_place",
]
