"""The patterns by which times are found. Each is plain (no repeat inside a repeat), so none can run away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.understanding.files import read_lexicon_file
from bot.understanding.text import Message


@dataclass(frozen=True)
class Grammar:
    """Names of months, days, units and feasts, and the patterns made of them, in the order in which
    they count."""

    months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, str]
    seasons: dict[str, str]
    feasts: dict[str, str]
    ordinals: dict[str, int]
    unclear: frozenset[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    beside: re.Pattern[str]

    def counts_back(self, words: list[str]) -> bool:
        """Whether these words count back from today, so that "about" is already in their width."""
        return " ".join(words) not in self.feasts and (
            words[-1] in ("ago", "back") or words[-1] in self.units
        )


def _by_name(table: dict[Any, list[str]]) -> dict[str, Any]:
    return {" ".join(Message(name).words): key for key, names in table.items() for name in names}


def _any_of(names: dict[str, Any]) -> str:
    return "(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + ")"


@cache
def grammar(lang: str = "en") -> Grammar:
    """Give the grammar of a language; built once."""
    names = read_lexicon_file(lang, "time")
    months = {name: int(number) for name, number in _by_name(names["months"]).items()}
    weekdays = {name: int(number) for name, number in _by_name(names["weekdays"]).items()}
    units, seasons, feasts = _by_name(names["units"]), _by_name(names["seasons"]), _by_name(names["feasts"])
    ordinals = {name: int(number) for name, number in _by_name(names["ordinals"]).items()}
    nth = rf"(?P<nth>{_any_of(ordinals)})"
    mon, wday, unit = _any_of(months), _any_of(weekdays), _any_of(units)
    year = r"(?:19|20)\d\d"
    part = (
        r"(?:(?P<part>early|mid|middle of|late|end of|the end of|beginning of|the beginning of|"
        r"start of|first half of)"
    )
    part += r"(?: in)?(?: the)? )?"
    count = (
        r"(?P<count>a couple(?: of)?|couple(?: of)?|a few|few|several|some|half an?|\d{1,4}(?:\.\d+)?"
        r"(?: (?:or|to|and|/) \d{1,3})?(?: and a half| 1/2)?|an?)"
    )
    loose = (
        r"(?P<about>(?:just |maybe )?(?:about|around|roughly|approximately|approx|like|maybe|almost|nearly|"
        r"some|probably|close to|under|less than|not even|barely|over|more than|at least|a little over|"
        r"a bit over|well over|just over|just under|a little under|exactly)(?: about)? )?"
    )
    amount = rf"{loose}(?:a good )?{count} (?P<unit>{unit})(?P<half> and a half)?"
    more = rf"(?: (?:and |, )?(?P<count2>\d{{1,2}}) (?P<unit2>{unit}))?"
    counted = rf"(?:{amount}|(?:the )?(?P<whole>day|week))"
    not_amount = rf"(?! (?:{unit}|year|y|yo|cycles?|rounds?|times?|doses?|%|more)\b)"
    of_year = (
        rf"(?:(?: ,)?(?: of| in)? (?P<year>{year})|(?: of)? ' ?(?P<yy>\d\d)|(?: of)? "
        rf"(?P<ywhich>last|this) year)?"
    )
    raw: list[tuple[str, str]] = [
        ("digits", r"(?P<a>\d{1,4})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})"),
        ("month_slash_year", rf"(?P<month>\d{{1,2}})/(?P<year>{year})"),
        ("when_aged", r"when (?:he|she|they|we|i|it|[a-z]+) (?:was|were|turned) (?:about |only |"
        r"just |around )?"
            r"(?P<n>\d{1,2})(?! (?:months?|weeks?|days?)\b)(?: years? old| years?)?"),
        ("ago", rf"{amount}{more}(?P<orso> or so)? (?:ago|back(?= [.,;!?)]|$| and| but)|prior|"
        rf"before now)(?P<orso2> or so| give or take)?"
            rf"(?: (?:today|yesterday|on {wday}|{wday}|now))?"),
        ("weekdays_ago", rf"(?:(?P<n>\d{{1,2}})|a couple(?: of)?) (?P<day>{wday})s? ago"),
        ("units_ago", r"(?P<unit>days|weeks|months|years) ago"),
        ("window", rf"(?:in|within|over|during|for|of) (?:about )?(?:the|this|these)? ?(?:last|past|"
        rf"previous) "
            rf"{count} (?P<unit>{unit})(?P<half> and a half)?"),
        ("window", rf"(?:the )?(?:last|past) {count} (?P<unit>{unit})(?P<half> and a half)?"),
        ("window_of_one", r"(?:(?:in|within|over|during|for) (?:the )?past|within (?:the )?last|"
            r"(?:(?:in|over|during|for) )?the last|the past) (?P<what>day|week|month|year)(?! of\b)"),
        ("window", rf"within {count} (?P<unit>{unit})(?P<half> and a half)?"),
        ("from_now", rf"(?:in )?{amount} (?:from now|from today|away|time|'s time|to go|left|more)"),
        ("post_day", r"day (?:\+ )?(?P<n>\d{1,4}) (?:post|after|since|of)"),
        ("post", rf"{amount}{more} (?:now )?(?:post|out from|out of|off of|off|since|removed from|"
        rf"clear of)(?: op\b)?"),
        ("lapse_in", rf"in (?:over |about |the )?{amount}"),
        ("lapse", rf"for (?:over |about |the )?{amount}"),
        ("before_last", r"(?:the )?(?P<what>week|weekend|month|year) before last"),
        ("before_yesterday", r"(?:the )?day before yesterday"),
        ("beside_feast", rf"{counted} (?P<side>before|after|prior to) "
            rf"(?:(?P<which>last|this|this past|the) )?(?P<feast>{_any_of(feasts)}){of_year}"),
        ("feast", rf"(?:(?P<which>last|this|this past|next|past|the last) )?(?P<feast>{_any_of(feasts)})"
            rf"{of_year}"),
        ("nth_of_month", rf"(?:{wday} ,? ?)?(?:the )?{nth} (?:day )?of (?P<month>{mon})\b{of_year}"),
        ("nth_of_month", rf"(?:{wday} ,? ?)?(?P<month>{mon}) (?:the {nth}|(?P<nth2>{_any_of(ordinals)})"
            rf"(?= [.,;!?)]|$| and| but| he| she| we| it| was| is| (?:19|20)\d\d))(?! (?:week|half))"
            rf"{of_year}"),
        (
            "day_month",
            rf"(?:{wday} ,? ?)?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:/ )?(?:of )?(?P<month>{mon})\b"
            rf"(?:(?: /)? (?P<short>\d\d)(?! ?[:/])(?![^ ]){not_amount}|(?: /)?{of_year})",
        ),
        ("month_day", rf"(?:{wday} ,? ?)?(?P<month>{mon}) (?:\. )?(?:the )?(?P<day>\d{{1,2}})(?:st|"
        rf"nd|rd|th)?\b(?!:){not_amount}"
            rf"(?: (?:to|or) (?:the )?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b{not_amount})?{of_year}"),
        ("of_month", rf"(?:the )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)|{nth}) of (?P<which>this|last|the) "
            r"(?:current )?month"),
        ("month", rf"{part}(?:(?P<lead>last|this past|this|next|in|since|until|till|by|of|during|to|"
        rf"from|through|"
            rf"around|about|past|back in|before|after|and|or|either|between) )?"
            rf"(?P<month>{mon})\b(?: \.)?{of_year}"),
        ("season", rf"{part}(?:(?P<lead>last|this past|this|next|past|in|in the|over the|during the|"
        rf"the|since|until|"
            rf"during|since the|of|before|after) )?(?P<season>{_any_of(seasons)})\b{of_year}"),
        ("weekday_week", rf"(?:on )?(?P<day>{wday}) (?:of )?(?:the )?(?P<which>last|this|next|"
        rf"before last) ?(?:week)?\b"),
        ("week_weekday", rf"(?P<which>last|this|next) week (?:on )?(?P<day>{wday})\b"),
        ("weekday", rf"(?:(?P<which>last|this past|this|on|past|next|since|until|by|this coming|"
        rf"before|after) )?"
            rf"(?P<day>{wday})\b(?! of (?:{mon})\b)(?: (?:morning|afternoon|evening|night))?"),
        ("named", rf"{part}(?P<which>last|this past|this|past|previous|the past|the last|the "
        rf"previous|current|next|"
            r"the next|this coming|coming|the coming|the following|earlier this|later this|over the|at the) "
            # "The last week of October" is a part of October, and not the week before this one.
            rf"(?P<what>week|weekend|month|year|night|morning|afternoon|evening)\b(?! of (?:{mon})\b)"),
        ("new_or_old", r"(?P<word>yesterday|today|tonight|tomorrow|the other day|the day after tomorrow)"
            r"(?: (?:morning|afternoon|evening|night))?"),
        ("day_of_month", rf"(?:on|since|until|by) the (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)(?= [.,;!?)]|$| "
            rf"and| but| we| i| he| she| so)|{nth}(?= [.,;!?)]|$))"),
        ("slash_day", r"(?P<a>\d{1,2})/(?P<b>\d{1,2})"),
        ("year", rf"{part}(?P<year>{year})(?! (?:mg|ml|units|cc)\b)(?: {{0,1}}s\b)?"),
    ]  # fmt: skip
    patterns = tuple((name, re.compile(rf"(?<![^ ]){text}(?![^ ])")) for name, text in raw)
    beside = re.compile(rf"(?<![^ ]){counted} (?P<side>before|after|prior to)$")
    unclear = frozenset(names["unclear"])
    return Grammar(months, weekdays, units, seasons, feasts, ordinals, unclear, patterns, beside)
