"""Starts Rasa with content-free logs and three repairs. Runs in Rasa's own environment, on Python 3.10.

    python -m bot.rasa_server --model MODEL.tar.gz --port 5005

It stays stock Rasa: no `--enable-api`, the REST channel only, bound to loopback unless told otherwise. This
file imports nothing else of the program and nothing imports it, so that the official container image plus
this one file runs the program's model. The repairs, each against Rasa 3.6.21:

1. The schema of an action server's answer is constant, yet Rasa compiles it on every turn, which is half of
   a turn's time.
2. Rasa's logs hold what families write: structlog passes whole messages, the standard library's records hold
   them in their text, SQLAlchemy's errors hold the rows. Here a log line says only where something happened.
3. A tracker database that fails makes Rasa answer as if all were well and forget what was told. Here the turn
   fails: HTTP 500 and nothing said, so that the web process can tell the family.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
import time
import warnings
from contextvars import ContextVar
from functools import partial
from typing import Any

# Before Rasa is imported: it reads these when its modules are loaded.
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

#: The structlog keys that never hold a family's words.
ALLOWED_KEYS = frozenset({"event", "level", "where", "error", "at"})

#: Rasa's own names of events look like this; anything else could be a sentence.
_EVENT_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")

#: Said by the current request's turn when it failed, because the REST channel answers 200 all the same.
_turn_failed: ContextVar[bool] = ContextVar("turn_failed", default=False)


def _exception_name(exc_info: Any) -> str | None:
    """The class of the exception that a log call passes along: itself, a tuple, or True for the current."""
    if isinstance(exc_info, BaseException):
        return type(exc_info).__name__
    if isinstance(exc_info, tuple):
        return exc_info[0].__name__ if exc_info[0] else None
    current = sys.exc_info()[0] if exc_info else None
    return current.__name__ if current else None


def keep_allowed_keys(_: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The last structlog processor before rendering: drops all keys but `ALLOWED_KEYS`, and all text."""
    name = str(event.get("event", ""))
    kept: dict[str, Any] = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "level": method,
        "event": name if _EVENT_NAME.fullmatch(name) else "unnamed",
    }
    error = _exception_name(event.get("exc_info") or method == "exception")
    if error:
        kept["error"] = error
    return {key: value for key, value in kept.items() if key in ALLOWED_KEYS}


def quiet_logs() -> None:
    """Make every road that leads into the log content-free: structlog, the standard library, warnings."""
    import structlog

    level = getattr(logging, os.environ.get("LOG_LEVEL", "WARNING").upper(), logging.WARNING)
    structlog.configure(
        processors=[keep_allowed_keys, structlog.processors.JSONRenderer()],
        context_class=dict,
        # Straight to standard error: the standard library's records below lose their text.
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )

    make_record = logging.LogRecord

    def content_free_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make_record(*args, **kwargs)
        error = _exception_name(record.exc_info)
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "where": f"{record.name}:{record.lineno}",
        }
        if error:
            line["error"] = error
        record.msg = json.dumps(line)
        record.args = ()
        record.exc_info = record.exc_text = record.stack_info = None
        return record

    logging.setLogRecordFactory(content_free_record)
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr, force=True)

    # Rasa warns about messages it cannot read by repeating them.
    warnings.showwarning = lambda *args, **kwargs: None


def compile_answer_schema_once() -> None:
    """First repair: build the validator of action servers' answers a single time."""
    import jsonschema
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)(schema)

    def validate(self: Any, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def fail_when_the_tracker_fails() -> None:
    """Third repair: no silent stand-in for a database that cannot be used; the whole turn fails."""
    from rasa.core.agent import Agent
    from rasa.core.tracker_store import FailSafeTrackerStore

    def give_up(self: Any, error: Exception) -> None:
        raise error

    FailSafeTrackerStore.on_tracker_store_error = give_up
    FailSafeTrackerStore.on_tracker_store_retrieve_error = give_up

    handle_message = Agent.handle_message

    async def handle_or_mark(self: Any, message: Any) -> Any:
        try:
            return await handle_message(self, message)
        except BaseException:
            _turn_failed.set(True)
            raise

    Agent.handle_message = handle_or_mark


def add_failure_answers(app: Any) -> None:
    """Answer 500 without a body of Rasa's where a turn failed; the channel itself would answer 200."""
    from sanic import response

    async def forget(request: Any) -> None:
        _turn_failed.set(False)

    async def answer(request: Any, answered: Any) -> Any:
        if _turn_failed.get():
            return response.json({"error": "turn_failed"}, status=500)
        return None

    async def any_error(request: Any, error: Exception) -> Any:
        status = getattr(error, "status_code", 500)
        logging.getLogger("rasa.server").warning("request failed", exc_info=error)
        return response.json({"error": "request_failed"}, status=status)

    app.register_middleware(forget, "request")
    app.register_middleware(answer, "response")
    # Sanic's own error pages repeat parts of the request.
    app.error_handler.add(Exception, any_error)


def serve(model: str, port: int, interface: str, endpoints: str, credentials: str) -> None:
    """Run Rasa's server until it is stopped, as `rasa run` does it, less its logging and its HTTP API."""
    import rasa.core.run as rasa_run
    import rasa.utils.common
    from rasa.core.utils import AvailableEndpoints

    compile_answer_schema_once()
    fail_when_the_tracker_fails()
    places = AvailableEndpoints.read_endpoints(endpoints)
    if places.tracker_store is None or (places.tracker_store.type or "").lower() != "sql":
        # A mis-spelt type silently becomes a store in memory, which forgets every family at a restart.
        raise SystemExit("The tracker store in the endpoints file must be of the type SQL.")

    app = rasa_run.configure_app(
        rasa_run.create_http_input_channels("rest", credentials),
        enable_api=False,
        port=port,
        endpoints=places,
    )
    app.register_listener(partial(rasa_run.load_agent_on_start, model, places, None), "before_server_start")
    app.register_listener(rasa_run.close_resources, "after_server_stop")
    add_failure_answers(app)
    # The web process keeps connections open; they need not be waited for.
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 2.0
    rasa.utils.common.update_sanic_log_level()
    # One worker: the lock that keeps a family's turns in order lives in this process.
    app.run(host=interface, port=port, workers=1, access_log=False, motd=False)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="Start Rasa, content-free and on loopback.")
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--endpoints", default="endpoints.yml")
    parser.add_argument("--credentials", default="credentials.yml")
    args = parser.parse_args()
    quiet_logs()
    if not os.path.isfile(args.model):
        raise SystemExit(f"There is no model at {args.model}.")
    serve(args.model, args.port, args.interface, args.endpoints, args.credentials)


if __name__ == "__main__":
    main()
