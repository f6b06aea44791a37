"""The plain pages in front of the real servers: a whole interview, an aside in her own words, an old page."""

from __future__ import annotations

import httpx

from tests.web.formreader import Reader


def test_a_whole_interview_without_scripts(url: str) -> None:
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as web:
        reader = Reader(web)
        reader.press("Start").press("Next", "parent")
        assert "How old is your child?" in reader.page.text
        old = reader.filled("Next", age="7")
        reader.press("Next", own="Is this safe?")
        assert "No one knows yet." in reader.page.text
        reader.send(*old)
        assert "Here is where we are now." in reader.page.text
        reader.press("Next", age="7").press("Next", "rhabdomyosarcoma").press("Next", "relapsed")
        reader.press("Next", "chemotherapy").press("Next", day="2026-06-01")
        reader.press("Next", "none").press("Next", "none").press("Next", "as_usual")
        assert "this study may be a match" in reader.page.text
        reader.press("Open the contact form")
        assert "Your contact details" in reader.page.text
        reader.press("← Back to the chat").press("Stop and erase").press("Yes, erase everything")
        assert "All you wrote in this chat is gone." in reader.page.text
