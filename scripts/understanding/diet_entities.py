"""Reads messages with a trained Rasa model; runs in Rasa's environment.

python diet_entities.py MODEL TEXTS.json writes TEXTS.entities.json: for each text its entities, in order.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.agent import Agent


async def _entities(model: str, texts: list[str]) -> list[list[dict[str, object]]]:
    agent = Agent.load(model)
    return [(await agent.parse_message(text)).get("entities", []) for text in texts]


if __name__ == "__main__":
    source = Path(sys.argv[2])
    found = asyncio.run(_entities(sys.argv[1], json.loads(source.read_text(encoding="utf-8"))))
    source.with_suffix(".entities.json").write_text(json.dumps(found), encoding="utf-8")
