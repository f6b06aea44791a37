"""Log records of the action server hold a place and an exception's class, never text."""

import json
import logging

from actions.quiet import content_free_record


def record_of(message: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, None) if error else None
    return content_free_record("rasa_sdk.endpoint", logging.ERROR, "endpoint.py", 7, message, args, exc_info)


def test_text_and_arguments_are_gone() -> None:
    record = record_of("ignored event: %s", "she has rhabdo")
    assert json.loads(record.getMessage()) == {"level": "error", "where": "rasa_sdk.endpoint:7"}
    assert "rhabdo" not in str(vars(record))


def test_only_the_class_of_an_exception_stays() -> None:
    record = record_of("failed", error=ValueError("she has rhabdo"))
    assert json.loads(record.getMessage())["error"] == "ValueError"
    assert "rhabdo" not in logging.Formatter().format(record)
    assert "rhabdo" not in str(vars(record))


def test_lines_of_our_own_are_kept() -> None:
    record = content_free_record(
        "actions.interview", logging.ERROR, "interview.py", 7, "failed: %s", ("KeyError",), None
    )
    assert record.getMessage() == "failed: KeyError"
