"""Facts, criteria, findings and verdicts: pure, without clock, network or environment.

facts (what a family told) + trial (criteria as data) + today -> assessment
"""

from criteria.assess import Assessment, Finding, Verdict, assess
from criteria.catalogue import Catalogue, load_catalogue
from criteria.checked_facts import FactError, check_facts
from criteria.facts import FACT_NAMES
from criteria.loading import load_trial, trial_names
from criteria.place import TrialError
from criteria.trial import Criterion, Trial

__all__ = [
    "FACT_NAMES",
    "Assessment",
    "Catalogue",
    "Criterion",
    "FactError",
    "Finding",
    "Trial",
    "TrialError",
    "Verdict",
    "assess",
    "check_facts",
    "load_catalogue",
    "load_trial",
    "trial_names",
]
