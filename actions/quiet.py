"""Content-free logs for the action server: a line says where something happened, not what a family wrote."""

from __future__ import annotations

import json
import logging
import warnings
from types import TracebackType
from typing import Any

_Exception = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def content_free_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A log record whose text is its place and the class of its exception, whatever its caller wanted to say.

    The SDK logs requests, rejected events and stack traces, and SQLAlchemy's errors hold whole rows.
    """
    record = logging.LogRecord(*args, **kwargs)
    if record.name.startswith("actions."):
        return record  # Our own lines say no more than they should.
    line = {"level": record.levelname.lower(), "where": f"{record.name}:{record.lineno}"}
    raised: _Exception | None = record.exc_info
    if raised and raised[0]:
        line["error"] = raised[0].__name__
    record.msg, record.args = json.dumps(line), ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record


def quiet_logs() -> None:
    """Make every later log record of this process content-free; drop warnings, which may repeat input."""
    logging.setLogRecordFactory(content_free_record)
    warnings.showwarning = lambda *args, **kwargs: None
