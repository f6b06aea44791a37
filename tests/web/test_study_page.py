"""The start page and the page about a study: what a family reads there, and what she does not."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.texts import load_texts
from bot.web.study import opening, study_page
from criteria import load_trial
from criteria.loading import read_trial
from criteria.study import Study
from criteria.trial import Trial

TRIAL = load_trial("NCT06848582")
TEXTS = load_texts("en")
PAGE = "/trial/NCT06848582"
PAGES = ("/", PAGE)
KEEP_TREATMENT = (
    "Please do not stop, skip or delay any medicine or treatment because of this. "
    "Talk with your child's doctor first."
)
SENSITIVE = ("I5", "E14", "E22", "E23", "E25")


class Outline(HTMLParser):
    """Headings, ids and what names or leads to them, in the page's order."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.used: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if told.get("id"):
            self.ids.append(str(told["id"]))
        self.used += (told.get("aria-labelledby") or "").split()
        if (told.get("href") or "").startswith("#"):
            self.used.append(str(told["href"])[1:])


def words(web: TestClient, path: str) -> str:
    answer = web.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_the_outline_is_whole(web: TestClient, path: str) -> None:
    outline = Outline()
    outline.feed(web.get(path).text)
    assert outline.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise([0, *outline.levels]))
    assert set(outline.used) <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    for landmark in ("header", "nav", "main", "footer"):
        assert outline.tags.count(landmark) == 1, landmark


@pytest.mark.parametrize("path", PAGES)
def test_who_has_no_scripts_is_led_to_the_plain_pages(web: TestClient, path: str) -> None:
    text = words(web, path)
    for part in (text[text.index("<noscript>") : text.index("</noscript>")], text[text.index("<footer") :]):
        assert 'href="/plain">The same questions on plain pages</a>' in part


@pytest.mark.parametrize("path", PAGES)
def test_the_widget_is_one_line(web: TestClient, path: str) -> None:
    scripts = re.findall(r"<script[^>]*src=[^>]*>(?:</script>)?", web.get(path).text)
    assert scripts == ['<script src="/widget.js" data-language="en" async></script>']


def test_five_questions_have_their_answers(web: TestClient) -> None:
    text = words(web, PAGE)
    assert "<h3>Is it safe?</h3><p>No one knows yet. That is part of what this study looks at." in text
    assert "The study team will explain the risks.</p>" in text
    assert "<h3>What is a clinical trial?</h3><p>A clinical trial is a study with people." in text
    assert "<h3>How long does it take?</h3><p>In this study, NK cells are given 8 times in 3 months." in text
    assert "<h3>Do we get paid for it?</h3><p>This page does not know" in text
    assert "<h3>Why should I take part?</h3><p>It is your choice." in text


def test_what_the_public_page_says_too_much_of_is_not_said(web: TestClient) -> None:
    for path in PAGES:
        text = words(web, path).lower()
        for claim in ("early access", "safeguard", "potentially effective", "innovative", "eligib", "qualif"):
            assert claim not in text.replace(TRIAL.official_title.lower(), ""), claim


def test_too_soon_never_stands_without_the_sentence_against_stopping(web: TestClient) -> None:
    text = words(web, PAGE)
    assert text.index("Sometimes it is too soon") < text.index(KEEP_TREATMENT)
    assert text[text.index('"not today"') : text.index(KEEP_TREATMENT)].count("<section") == 0


def test_words_that_wound_are_not_shown(web: TestClient) -> None:
    text = words(web, PAGE)
    assert text.count("Your child's general health and test results") == 1
    for name in SENSITIVE:
        for line in TRIAL.criterion(name).source.splitlines():
            if line.strip():
                assert line.strip() not in text, name
    for wound in ("survival", "HIV", "psychiatric", "substance", "compliance", "hepatitis"):
        assert wound.lower() not in text.lower(), wound


def test_what_the_team_looks_at_is_all_of_it_and_each_once(web: TestClient) -> None:
    listed = study_page(TRIAL, TEXTS).looks_at
    assert len(listed) == len(set(listed)) == len({criterion.family for criterion in TRIAL.criteria})
    assert listed[-1] == "Your child's general health and test results"
    assert all(f"<li>{item}</li>" in words(web, PAGE) for item in listed)
    assert not any("{" in item for item in listed)


def test_who_stands_behind_it_is_told_as_far_as_it_is_known(open_web: Callable[..., TestClient]) -> None:
    demo = words(open_web(), PAGE)
    assert "Demo site (not a real hospital) has not given a phone number for this page." in demo
    assert "tel:" not in demo
    assert "It is not a real hospital. No one will call you." in demo
    assert "the study team can call you" not in demo
    real = words(
        open_web(SITE_NAME="Hill Hospital", SITE_PHONE="+1 202 555 0100", SITE_HOURS="Mon to Fri, 9 to 5"),
        PAGE,
    )
    assert '<a href="tel:+12025550100">+1 202 555 0100</a>' in real
    assert "Mon to Fri, 9 to 5" in real
    assert "the study team can call you" in real
    assert "not a real hospital" not in real


def test_phone_without_hours_says_so(open_web: Callable[..., TestClient]) -> None:
    text = words(open_web(SITE_NAME="Hill Hospital", SITE_PHONE="+1 202 555 0100"), PAGE)
    assert "<dt>Phone hours</dt><dd>Not given</dd>" in text
    home = words(open_web(), "/")
    assert 'You can also call Hill Hospital: <a href="tel:+12025550100">' in home


def test_the_source_is_named_with_what_is_wrong_in_it(web: TestClient) -> None:
    text = words(web, PAGE)
    assert "(Public trial page of NCT06848582, October 15, 2025)" in text
    assert "No study team has checked this page yet." in text
    assert "The public page does not say the phase in the same way everywhere." in text
    assert "Open, as of October 15, 2025" in text
    assert f"<q>{TRIAL.official_title}</q>" in text


def test_a_reviewer_is_named(web: TestClient) -> None:
    web.app.state.trials = {"NCT06848582": replace(TRIAL, reviewed_by="the team at Hill Hospital")}
    text = words(web, PAGE)
    assert "This page was checked by the team at Hill Hospital." in text
    assert "No study team has checked" not in text


SECOND_TRIAL = """\
id: NCT00000001
version: "1"
official_title: A Made-up Study
title: A made-up study
summary: It does not exist.
phase: II
sponsor: Nobody
source: {name: a test, date: 2026-11-22}
read_by: project
reviewed_by: null
age_limit_months: 100
unclear: [nothing]
criteria:
  - {id: I1, source: Health., family: "{whose} health", why_not_asked: The team decides.}
"""


def second_trial(folder: Path) -> Trial:
    path = folder / "NCT00000001.yml"
    path.write_text(SECOND_TRIAL, encoding="utf-8")
    return read_trial(path)


def test_a_trial_that_tells_little_has_a_shorter_page(web: TestClient, tmp_path: Path) -> None:
    web.app.state.trials = {"NCT00000001": second_trial(tmp_path)}
    text = words(web, "/trial/NCT00000001")
    assert "This page does not know how long this study takes." in text
    for title in ("Who it is for", "Who it is not for", "Sometimes it is too soon", "What it is about"):
        assert title not in text
    assert "sarcoma" not in text
    assert "NK cells" not in text
    assert "<dd>Nobody</dd>" in text
    assert "Up to age" not in text, "a limit in the middle of a year is not told in years"
    outline = Outline()
    outline.feed(text)
    assert set(outline.used) <= set(outline.ids)
    assert "A made-up study" in words(web, "/")


def test_a_trials_own_answers_come_first() -> None:
    told = replace(TRIAL, study=Study(how_long="One day.", payment="Bus fares are paid."))
    answers = {asked.question: asked.answer for asked in study_page(told, TEXTS).faq}
    assert answers["How long does it take?"] == "One day."
    assert answers["Do we get paid for it?"] == "Bus fares are paid."


@pytest.mark.parametrize(
    ("text", "most", "first"),
    [
        ("One. Two. Three.", 9, "One. Two."),
        ("One. Two. Three.", 8, "One."),
        ("A long sentence.", 3, "A long sentence."),
        ("Is it? Yes.", 100, "Is it? Yes."),
    ],
)
def test_an_opening_ends_with_a_sentence(text: str, most: int, first: str) -> None:
    assert opening(text, most) == first


def test_no_word_of_the_summary_gets_lost() -> None:
    page = study_page(replace(TRIAL, summary=f"{TRIAL.summary}\n\nAnd more."), TEXTS)
    assert " ".join([page.lead, *page.rest]).split() == f"{TRIAL.summary} And more.".split()
    assert page.rest[-1] == "And more."


@pytest.mark.parametrize("path", PAGES)
def test_the_one_true_address_is_told_where_it_is_known(
    open_web: Callable[..., TestClient], path: str
) -> None:
    assert 'rel="canonical"' not in words(open_web(), path)
    text = words(open_web(PUBLIC_URL="https://chat.hill.example/"), path)
    assert f'<link rel="canonical" href="https://chat.hill.example{path}">' in text
    assert f'<meta property="og:url" content="https://chat.hill.example{path}">' in text


@pytest.mark.parametrize("path", PAGES)
def test_a_search_result_has_its_words(web: TestClient, path: str) -> None:
    text = web.get(path).text
    described = re.findall(r'<meta name="description" content="([^"]+)">', text)
    assert len(described) == 1
    assert 50 < len(html.unescape(described[0])) <= 220
    assert "<title>" in text
    assert "noindex" not in text


def test_search_engines_show_the_sites_own_pages_and_nothing_else(web: TestClient) -> None:
    for path in PAGES:
        assert "x-robots-tag" not in web.get(path).headers
    for path in ("/chat", "/contact", "/privacy", "/status", "/inbox/login", "/api/health", "/trial/NCT1"):
        assert "noindex" in web.get(path).headers["x-robots-tag"], path
