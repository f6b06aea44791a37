"""The same matching as one SQL query a turn, to compare with: SQLite in memory, criteria as rows.

A condition is written as alternatives, each a list of leaves that must be true or false. That is exact for
what is *certainly* true, so the verdicts are those of ``criteria.assess``. What it cannot say:

- washouts in calendar months or years: SQLite adds months without stopping at a month's end, so that criteria
  with such a washout are left out (``expressible``);
- the day of a *not yet*, and which facts are still needed. A turn would need many more queries for them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

from criteria import Trial
from criteria.conditions import Between, Every, Includes, Not, OneOf, Ongoing, Some, Within
from criteria.facts import ONGOING
from criteria.judging import Condition, Facts, look_up
from criteria.outcomes import Logic
from criteria.trial import Rule

Literal = tuple[Condition, bool]

_TABLES = """
CREATE TABLE leaf (id INTEGER PRIMARY KEY, kind TEXT, path TEXT, low INTEGER, high INTEGER, untold INTEGER);
CREATE TABLE leaf_value (leaf INTEGER, value TEXT, PRIMARY KEY (leaf, value)) WITHOUT ROWID;
CREATE TABLE literal (rule INTEGER, grp INTEGER, way INTEGER, leaf INTEGER, wanted INTEGER);
CREATE TABLE trial_rule (trial INTEGER, rule INTEGER);
CREATE TABLE fact (
  path TEXT PRIMARY KEY, known INTEGER, untold INTEGER, value TEXT, low INTEGER, high INTEGER
);
CREATE TABLE fact_item (path TEXT, value TEXT);
"""

_QUERY = """
WITH truth AS MATERIALIZED (
  SELECT leaf.id AS leaf, CASE
    WHEN NOT fact.known THEN CASE WHEN fact.untold THEN leaf.untold END
    WHEN leaf.kind = 'in' THEN EXISTS (
      SELECT 1 FROM leaf_value WHERE leaf_value.leaf = leaf.id AND leaf_value.value = fact.value)
    WHEN leaf.kind = 'includes' THEN EXISTS (
      SELECT 1 FROM leaf_value JOIN fact_item USING (value)
      WHERE leaf_value.leaf = leaf.id AND fact_item.path = leaf.path)
    WHEN leaf.kind = 'ongoing' THEN fact.value IS 'ongoing'
    WHEN leaf.kind = 'between' THEN CASE
      WHEN coalesce(leaf.low, fact.low) <= fact.low AND fact.high <= coalesce(leaf.high, fact.high) THEN 1
      WHEN fact.high < coalesce(leaf.low, fact.low) OR fact.low > coalesce(leaf.high, fact.high) THEN 0 END
    WHEN fact.value IS 'ongoing' THEN 1
    WHEN fact.low IS NULL THEN 0
    WHEN fact.high + leaf.low <= :today THEN 0
    WHEN fact.low + leaf.low > :today THEN 1
  END AS truth
  FROM leaf JOIN fact USING (path)
), way AS (
  SELECT rule, grp, min(truth IS wanted) AS holds FROM literal JOIN truth USING (leaf) GROUP BY rule, grp, way
), found AS MATERIALIZED (
  SELECT rule, CASE WHEN max(grp = 0 AND holds) THEN 3 WHEN max(grp = 1 AND holds) THEN 2
    WHEN max(grp = 2 AND holds) THEN 0 ELSE 1 END AS verdict
  FROM way GROUP BY rule
)
SELECT trial, max(verdict) FROM trial_rule JOIN found USING (rule) GROUP BY trial
"""


def ways(condition: Condition, wanted: bool = True) -> Iterator[tuple[Literal, ...]]:
    """The ways in which a condition is certainly true, or false: each a list of leaves with their truth."""
    match condition:
        case Not():
            yield from ways(condition.part, not wanted)
        case Every() | Some():
            parts = [list(ways(part, wanted)) for part in condition.parts]
            if isinstance(condition, Every) == wanted:
                for chosen in product(*parts):
                    yield tuple(dict.fromkeys(literal for part in chosen for literal in part))
            else:
                for part in parts:
                    yield from part
        case _:
            yield ((condition, wanted),)


def expressible(trial: Trial) -> Trial:
    """The trial without the criteria that the tables can't hold."""
    kept = tuple(one for one in trial.criteria if one.rule is None or not _in_months(one.rule))
    return replace(trial, criteria=kept)


def _in_months(rule: Rule) -> bool:
    leaves = (leaf for when in rule.conditions() for way in ways(when) for leaf, _ in way)
    washouts = (leaf.washout for leaf in leaves if isinstance(leaf, Within))
    return any(washout.months or washout.years for washout in washouts)


class SqlMatching:
    """Trials as rows; ``verdicts`` asks once. Raises ValueError for a condition that no table holds."""

    def __init__(self, trials: Sequence[Trial]) -> None:
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")
        self._leaves: dict[Condition, int] = {}
        self._rules: dict[Logic, int] = {}
        self.count = len(trials)
        for number, trial in enumerate(trials):
            rules = {self._rule(one.rule) for one in trial.criteria if one.rule is not None}
            if any(one.waiting for one in trial.criteria):
                raise ValueError(f"{trial.id}: a criterion waits to be accepted")
            self._database.executemany("INSERT INTO trial_rule VALUES (?, ?)", [(number, r) for r in rules])
        self._database.execute("CREATE INDEX by_way ON literal (rule, grp, way, leaf, wanted)")
        self._database.execute("CREATE INDEX by_trial ON trial_rule (trial, rule)")
        self._database.execute("COMMIT")
        self._database.execute("ANALYZE")
        self._paths = sorted({_path(leaf) for leaf in self._leaves})

    def verdicts(self, facts: Facts, today: date) -> list[int]:
        """The verdict of each trial, as its place in ``criteria.matching.VERDICTS``."""
        self._database.execute("DELETE FROM fact")
        self._database.execute("DELETE FROM fact_item")
        rows, items = [], []
        for path in self._paths:
            told = look_up(path, facts)
            value, low, high = None, None, None
            if isinstance(told.value, list) and path == "disease_course":
                items += [(path, item) for item in told.value]
            elif isinstance(told.value, list):
                low, high = (_number(end) for end in told.value)
            elif told.known:
                value = told.value
            rows.append((path, told.known, bool(told.missing), value, low, high))
        self._database.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._database.executemany("INSERT INTO fact_item VALUES (?, ?)", items)
        found = [0] * self.count
        for trial, verdict in self._database.execute(_QUERY, {"today": today.toordinal()}):
            found[trial] = verdict
        return found

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _rule(self, rule: Rule) -> int:
        logic = Logic.of(rule)
        if logic in self._rules:
            return self._rules[logic]
        number = self._rules[logic] = len(self._rules)
        rows, way_number = [], 0
        for group, whens in enumerate((logic.not_met, logic.not_yet, (logic.met,))):
            for when in whens:
                for way in ways(when):
                    way_number += 1
                    rows += [(number, group, way_number, self._leaf(leaf), want) for leaf, want in way]
        self._database.executemany("INSERT INTO literal VALUES (?, ?, ?, ?, ?)", rows)
        return number

    def _leaf(self, leaf: Condition) -> int:
        if leaf in self._leaves:
            return self._leaves[leaf]
        number = self._leaves[leaf] = len(self._leaves)
        kind, low, high, untold, values = _columns(leaf)
        row = (number, kind, _path(leaf), low, high, untold)
        self._database.execute("INSERT INTO leaf VALUES (?, ?, ?, ?, ?, ?)", row)
        self._database.executemany("INSERT INTO leaf_value VALUES (?, ?)", [(number, one) for one in values])
        return number


def _columns(leaf: Condition) -> tuple[str, int | None, int | None, bool | None, Sequence[str]]:
    match leaf:
        case OneOf():
            untold = None if leaf.if_not_told is None else leaf.if_not_told in leaf.values
            return "in", None, None, untold, sorted(leaf.values)
        case Includes():
            return "includes", None, None, None, [leaf.value]
        case Between():
            return "between", leaf.at_least, leaf.at_most, None, []
        case Ongoing():
            return ONGOING, None, None, None, []
        case Within() if not leaf.washout.months and not leaf.washout.years:
            return "within", leaf.washout.days, None, False if leaf.if_not_told == "no" else None, []
    raise ValueError(f"no row can hold {leaf}")


def _path(leaf: Condition) -> str:
    (path,) = leaf.paths()
    return path


def _number(end: Any) -> int:
    return date.fromisoformat(end).toordinal() if isinstance(end, str) else int(end)
