"""The vocabulary of facts: what families tell, as the program holds it.

A fact that was not told is absent. "I don't know" is the value ``"not_sure"``,
never an absence. Facts are plain JSON values, so that they pass unchanged through
Rasa's slots, the command line and the lead store; ``check_facts`` is the one gate.
"""

from __future__ import annotations

from typing import Final

NOT_SURE: Final = "not_sure"
ONGOING: Final = "ongoing"
YES_NO: Final = ("yes", "no")
OLDEST_MONTHS: Final = 120 * 12

RESPONDENTS: Final = ("parent", "patient", "carer")
SEXES: Final = ("female", "male")
ORIGINS: Final = ("soft_tissue", "bone", "kidney", "brain", "other")
COURSES: Final = (
    "newly_diagnosed",
    "standard_risk",
    "high_risk",
    "relapsed",
    "refractory",
    "in_remission",
    "metastatic",
)
DIAGNOSIS_IDS: Final = (
    "rhabdomyosarcoma",
    "synovial_sarcoma",
    "ewing_sarcoma",
    "mpnst",
    "infantile_fibrosarcoma",
    "undifferentiated_sarcoma",
    "alveolar_soft_part_sarcoma",
    "epithelioid_sarcoma",
    "clear_cell_sarcoma_soft_tissue",
    "desmoplastic_small_round_cell_tumor",
    "malignant_rhabdoid_tumor",
    "liposarcoma",
    "leiomyosarcoma",
    "angiosarcoma",
    "desmoid_tumor",
    "soft_tissue_sarcoma",
    "osteosarcoma",
    "sarcoma",
    "leukemia",
    "lymphoma",
    "neuroblastoma",
    "wilms_tumor",
    "brain_tumor",
    "hepatoblastoma",
    "germ_cell_tumor",
    "retinoblastoma",
    "melanoma",
    "thyroid_cancer",
    "other_cancer",
    "not_cancer",
)
"""Diagnosis ids; ``not_sure`` may stand in place of any of them."""

EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "chemotherapy": ("mild",),
    "nitrosourea": (),
    "radiation": ("small_area", "small_area_to_cure", "large_area", "mibg"),
    "surgery": ("major", "minor"),
    "other_surgery": ("major", "minor"),
    "stem_cell_transplant": ("own", "donor"),
    "other_cancer_medicine": (),
    "trial_drug": (),
    "growth_factor": ("short_acting", "long_acting"),
    "steroids": (),
    "infection": ("fungal",),
    "live_vaccine": (),
    "blood_clot": (),
    "injury": ("by_tumour",),
    "abdominal_hole": (),
    "autoimmune_treatment": (),
    "organ_transplant": ("organ", "tissue"),
}
"""Events and the kinds that each may have."""

ONLY_WHEN_TOLD: Final = frozenset({"mild", "fungal", "by_tumour"})
"""Kinds that are never asked: without them an event is the ordinary kind."""

YES_NO_FACTS: Final = (
    "heart_problem",
    "lung_disease",
    "blood_thinners",
    "bleeding_disorder",
    "low_platelets",
    "wound_not_healing",
    "gut_trouble",
    "other_cancer",
    "whole_body_irradiation",
    "gvhd",
)
BRAIN: Final = "brain_tumour_spread"
BRAIN_FIELDS: Final = ("had", "symptoms_now", "treated", "symptom_free_since")

TREATMENTS: Final = (
    "surgery",
    "chemotherapy",
    "radiation",
    "stem_cell_transplant",
    "other_cancer_medicine",
    "trial_drug",
)
RECENT_EVENTS: Final = (
    "growth_factor",
    "steroids",
    "infection",
    "live_vaccine",
    "other_surgery",
    "injury",
)
HEALTH_HISTORY: Final = (
    BRAIN,
    "heart_problem",
    "lung_disease",
    "blood_thinners",
    "blood_clot",
    "bleeding_disorder",
    "wound_not_healing",
    "gut_trouble",
    "abdominal_hole",
    "autoimmune_treatment",
    "other_cancer",
    "organ_transplant",
)
LISTS: Final[dict[str, tuple[str, ...]]] = {
    "treatments": TREATMENTS,
    "recent_events": RECENT_EVENTS,
    "health_history": HEALTH_HISTORY,
}
"""The lists to tick that one question asks at once, each with its items."""

FACT_NAMES: Final = (
    "respondent",
    "age",
    "diagnosis",
    "disease_course",
    *EVENTS,
    "activity",
    BRAIN,
    *YES_NO_FACTS,
    "sex",
    "home",
)


HOME_FIELDS: Final = ("country", "region", "city", "latitude", "longitude")


def kinds_that_may_be_unsure(event: str) -> bool:
    """Whether ``not_sure`` may stand for the event's kind."""
    return any(kind not in ONLY_WHEN_TOLD for kind in EVENTS[event])
