"""Made-up studies in the two formats that records come in."""

from __future__ import annotations

from typing import Any

ELIGIBILITY = """Inclusion Criteria:

* Age \\>= 2 years and \\<= 21 years
* Relapsed or refractory neuroblastoma
* Lansky or Karnofsky performance score of at least 50

Exclusion Criteria:

* Chemotherapy within 21 days before enrollment
* Pregnant or breastfeeding
* Ability to follow the diary of the study is doubtful
"""


def api_study(number: str = "NCT90000001", **changes: Any) -> dict[str, Any]:
    """A study as API v2 sends it; changes: status, eligibility, locations, minimum, maximum, updated."""
    eligibility: dict[str, Any] = {
        "eligibilityCriteria": changes.get("eligibility", ELIGIBILITY),
        "sex": "ALL",
        "minimumAge": changes.get("minimum", "2 Years"),
        "maximumAge": changes.get("maximum", "21 Years"),
    }
    locations = changes.get(
        "locations",
        [
            {
                "facility": "Harbor Children's Hospital",
                "status": "RECRUITING",
                "city": "Springfield",
                "state": "Ohio",
                "zip": "45501",
                "country": "United States",
                "contacts": [
                    {
                        "name": "Study Desk",
                        "role": "CONTACT",
                        "phone": "555-0100",
                        "email": "desk@example.org",
                    }
                ],
                "geoPoint": {"lat": 39.92423, "lon": -83.80882},
            },
            {"city": "Toronto", "country": "Canada"},
        ],
    )
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": number,
                "briefTitle": "Drug X for Children With Relapsed Neuroblastoma",
                "officialTitle": "Phase I/II Trial of Drug X: Relapsed or Refractory Neuroblastoma",
            },
            "statusModule": {
                "overallStatus": changes.get("status", "RECRUITING"),
                "lastUpdatePostDateStruct": {"date": changes.get("updated", "2026-03-05"), "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": "Harbor Research Group", "class": "OTHER"}
            },
            "descriptionModule": {"briefSummary": "This trial tests drug X."},
            "conditionsModule": {"conditions": ["Neuroblastoma", "Relapsed #1"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE1", "PHASE2"],
                "enrollmentInfo": {"count": 42, "type": "ESTIMATED"},
            },
            "eligibilityModule": {key: value for key, value in eligibility.items() if value is not None},
            "contactsLocationsModule": {"locations": locations},
        },
        "derivedSection": {},
        "hasResults": False,
    }


def flat_study(number: str = "NCT90000002", **changes: Any) -> dict[str, Any]:
    """A study in the flat format: countries only, phase and status in words."""
    return {
        "nct_id": number,
        "title": "Drug Y in Osteosarcoma",
        "phase": changes.get("phase", "Phase 1/Phase 2"),
        "status": changes.get("status", "Enrolling by invitation"),
        "study_type": "Interventional",
        "conditions": ["Osteosarcoma"],
        "sponsor": "Harbor Research Group",
        "enrollment_count": 30,
        "locations": ["Canada", "United States"],
        "summary": "This trial tests drug Y.",
        "eligibility": {
            "raw_text": changes.get("eligibility", ELIGIBILITY),
            "minimum_age": changes.get("minimum", "12 Months"),
            "maximum_age": changes.get("maximum"),
            "sex": "FEMALE",
            "accepts_healthy_volunteers": False,
        },
    }
