"""Made-up families: what is so of each, and how it answers. All of it follows from a seed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

from bot.interview.priors import load_priors
from bot.interview.questions import BY_ID, DAY_FIELDS
from criteria.facts import LISTS

TODAY = date(2026, 11, 22)
PRIORS = load_priors()
ITEM_SHARE = {item: share for items in PRIORS.items.values() for item, share in items.items()}
LONGEST_WAY = {
    "diagnosis": "ewing_sarcoma",
    "diagnosis.arises_in": "soft_tissue",
    "gvhd": "no",
    "stem_cell_transplant.kind": "donor",
}
"""The answers that lead to the most questions, for the families that tick everything."""
MUMBLE = "well it is a long story"


TOWNS = ("Houston", "Seattle", "Guangzhou, China", "London, UK")


class Family:
    """One made-up family: what is so, and how it answers.

    All of it follows from the seed, question by question: whatever else is asked, the same
    question gets the same answer, so that a family never contradicts itself.
    """

    def __init__(self, seed: str, thorough: bool = False) -> None:
        self.seed = seed
        self.thorough = thorough
        self.put: Counter[str] = Counter()

    def answer(self, question: dict[str, Any]) -> str:
        """What the family says to a question as the API shows it."""
        asks = question["asks"]
        self.put[asks] += 1
        if asks == "confirm":
            sure = self.thorough or self._chance(f"confirm-{self.put[asks]}").random() < 1 - PRIORS.not_sure
            return "yes" if sure else "not_sure"
        if not self.thorough and asks != "respondent":
            dice = self._chance(f"mood-{asks}-{self.put[asks]}").random()
            if dice < PRIORS.not_sure:
                return "not sure"
            if dice < PRIORS.not_sure + PRIORS.unclear:
                return MUMBLE
        return self.told(question)

    def told(self, question: dict[str, Any]) -> str:
        """What is so, as an answer to the question."""
        asks, offered = question["asks"], [choice["payload"] for choice in question["choices"]]
        chance = self._chance(asks)
        if asks == "age":
            return str(chance.randint(5, 18) if self.thorough else chance.randint(*PRIORS.years))
        if asks == "home":
            return chance.choice(TOWNS)
        if asks in LISTS:
            return ", ".join(item for item in LISTS[asks] if item in offered and self._has(item)) or "none"
        if asks == "disease_course" and self.thorough:
            return "relapsed"
        if BY_ID[asks].field in DAY_FIELDS and chance.random() > PRIORS.ongoing:
            days = 10 if self.thorough else int(chance.lognormvariate(PRIORS.log_mean, PRIORS.log_deviation))
            return (TODAY - timedelta(days=days)).isoformat()
        return self._pick(asks, offered)

    def _chance(self, of: str) -> random.Random:
        return random.Random(f"{self.seed}-{of}")

    def _has(self, item: str) -> bool:
        return self.thorough or self._chance(item).random() < ITEM_SHARE[item]

    def _pick(self, asks: str, offered: list[str]) -> str:
        wanted = LONGEST_WAY.get(asks) if self.thorough else None
        sure = [payload for payload in offered if payload != "not_sure"] or offered
        if self.thorough:
            return wanted if wanted in offered else sure[0]
        shares = PRIORS.choices.get(asks, {})
        likely = {payload: shares[payload] for payload in shares if payload in sure}
        if len(set(likely.values())) > 1:
            return self._chance(asks).choices(tuple(likely), tuple(likely.values()))[0]
        return self._chance(asks).choice(sure)
