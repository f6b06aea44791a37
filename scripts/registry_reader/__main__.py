"""`python -m scripts.registry_reader LABELS.jsonl`: precision and recall of the readings, by topic."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from scripts.registry_reader.scores import criteria_in, score, table


def main() -> None:
    """Print the table, and the wrong readings where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path, help="labelled criteria, one JSON object a line")
    parser.add_argument("--wrong", action="store_true", help="list the wrong readings too")
    asked = parser.parse_args()
    scores = score(criteria_in(asked.labels))
    print(table(scores))
    if asked.wrong:
        for trial, words, reading in scores.wrong:
            print(f"\n{trial}: {json.dumps(reading, ensure_ascii=False)}\n  {words}")


if __name__ == "__main__":
    main()
