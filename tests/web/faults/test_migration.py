"""The next version of the tables is made while families press send."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import text

from bot.leads.database import open_store
from bot.leads.outbox.kinds import State
from tests.web.faults.conftest import on_both, stored, told_sent
from tests.web.faults.test_locked import patient_url

MIGRATION = """
import sys
from pathlib import Path
from alembic import command
from alembic.config import Config
from bot.leads import database

def config(connection):
    made = Config()
    ours = Path(database.__file__).parent / "migrations"
    made.set_main_option("script_location", str(ours))
    made.set_main_option("version_locations", f"{ours / 'versions'} {sys.argv[2]}")
    made.set_main_option("path_separator", "space")
    made.attributes["connection"] = connection
    return made

engine = database.make_engine(sys.argv[1])
with database._alone(engine) as connection:
    print("begun", flush=True)
    sys.stdin.readline()
    command.upgrade(config(connection), "head")
    print("done", flush=True)
    sys.stdin.readline()
"""

NEXT_VERSION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "next", "{before}", None, None

def upgrade():
    with op.batch_alter_table("leads", recreate="auto") as leads:
        leads.add_column(sa.Column("colour", sa.String(8), nullable=False, server_default="red"))
        leads.alter_column("verdict", existing_type=sa.String(16), type_=sa.String(20))
"""


@on_both
def test_migration_in_the_middle_of_traffic(
    web: TestClient, family: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    forms = [family() for _ in range(12)]
    versions = tmp_path / "versions"
    versions.mkdir()
    with open_store().session() as session:
        before = session.scalar(text("SELECT version_num FROM alembic_version"))
    (versions / "next.py").write_text(NEXT_VERSION.format(before=before))
    migrating = subprocess.Popen(
        [sys.executable, "-c", MIGRATION, patient_url(), str(versions)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    )  # fmt: skip
    assert migrating.stdin is not None
    assert migrating.stdout is not None
    sent: dict[int, str | None] = {}

    def press(number: int) -> None:
        page = web.post("/contact/send", data=forms[number])
        assert page.status_code in (200, 503), page.text
        sent[number] = told_sent(page)

    press(0)
    with ThreadPoolExecutor(4) as pool:
        for numbers in (range(1, 4), range(4, 8)):
            # In the middle of the migration's transaction: before its first change, and after its last.
            assert migrating.stdout.readline() in ("begun\n", "done\n")
            list(pool.map(press, numbers))
            migrating.stdin.write("on\n")
        assert migrating.wait(30) == 0
        list(pool.map(press, range(8, 12)))
    assert stored().keys() == set(sent.values()) - {None}
    assert None in sent.values()
    later = {told_sent(web.post("/contact/send", data=form)) for form in forms}
    assert stored() == dict.fromkeys(later, State.WAITING)
    assert len(later) == len(forms)
    with open_store().session() as session:
        assert session.scalar(text("SELECT count(*) FROM leads WHERE colour = 'red'")) == len(forms)
