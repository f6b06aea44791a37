"""The page about a study for machines: schema.org's MedicalTrial and FAQPage as JSON-LD.

Only what the trial's file and the site's settings tell; what nobody told is left out. Which types and
properties there are is held against an extract of the vocabulary by tests/web/test_schema_org.py.
"""

from typing import Any

from bot.settings import DEMO_SITE_NAME, Settings
from bot.web.study import StudyPage
from criteria import Trial

Node = dict[str, Any]

_SCHEMA = "https://schema.org"
_STATUS = {
    "not_yet_recruiting": "NotYetRecruiting",
    "recruiting": "Recruiting",
    "by_invitation": "EnrollingByInvitation",
    "active_not_recruiting": "ActiveNotRecruiting",
    "suspended": "Suspended",
    "terminated": "Terminated",
    "completed": "Completed",
    "withdrawn": "Withdrawn",
}


def study_data(page: StudyPage, settings: Settings, address: str | None, language: str) -> Node:
    """The graph of a study's page: the trial, and the page about it with its questions.

    ``address`` is the page's own address as families reach it, None where the site has not told it; then the
    two nodes name each other by relative addresses.
    """
    base = address or ""
    return {
        "@context": _SCHEMA,
        "@graph": [
            _told({"@id": f"{base}#study", "url": address, **_trial(page.trial, settings)}),
            _told(
                {"@id": f"{base}#page", "url": address, **_page(page, settings, f"{base}#study", language)}
            ),
        ],
    }


def _trial(trial: Trial, settings: Settings) -> Node:
    study = trial.study
    return {
        "@type": "MedicalTrial",
        "name": trial.title,
        "alternateName": trial.official_title,
        "description": " ".join(trial.summary.split()),
        # The vocabulary wants a study's number in a registry here.
        "code": _told({"@type": "MedicalCode", "codeValue": trial.id, "codingSystem": study.registry}),
        "healthCondition": _named("MedicalCondition", study.condition),
        "studySubject": _named("MedicalTherapy", study.treatment),
        "sponsor": _named("Organization", trial.sponsor),
        "status": f"{_SCHEMA}/{_STATUS[study.status]}" if study.status else None,
        "trialDesign": f"{_SCHEMA}/OpenTrial" if study.open_label else None,
        "studyLocation": _named("Country", settings.site_country),
    }


def _page(page: StudyPage, settings: Settings, study: str, language: str) -> Node:
    return {
        "@type": ["MedicalWebPage", "FAQPage"],
        "name": page.trial.title,
        "description": page.lead,
        "inLanguage": language,
        "about": {"@id": study},
        "publisher": _site(settings),
        "mainEntity": [
            {
                "@type": "Question",
                "name": asked.question,
                "acceptedAnswer": {"@type": "Answer", "text": asked.answer},
            }
            for asked in page.faq
        ],
    }


def _site(settings: Settings) -> Node | None:
    # A demo is nobody.
    if settings.site_name == DEMO_SITE_NAME:
        return None
    return _told({"@type": "Organization", "name": settings.site_name, "telephone": settings.site_phone})


def _named(kind: str, name: str | None) -> Node | None:
    return {"@type": kind, "name": name} if name else None


def _told(node: Node) -> Node:
    """The node without what nobody told."""
    return {name: value for name, value in node.items() if value is not None}
