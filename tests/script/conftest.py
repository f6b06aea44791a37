"""One script for all tests: building it takes seconds."""

from __future__ import annotations

import pytest

from bot.script.building import build_script
from bot.script.document import Script


@pytest.fixture(scope="session")
def script() -> Script:
    return build_script("NCT06848582")
