"""After the verdict: pages for the child's own doctor, and a family's private notes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "doctor_pages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("session_hash", sa.String(64), nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("passcode_hash", sa.String(200), nullable=False),
        sa.Column("content_sealed", sa.Text),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("expires", _MOMENT, nullable=False),
        sa.Column("wrong_tries", sa.Integer, nullable=False),
        sa.Column("ended", _MOMENT),
    )
    for column in ("session_hash", "expires"):
        op.create_index(f"ix_doctor_pages_{column}", "doctor_pages", [column])
    op.create_table(
        "family_notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("session_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("text_sealed", sa.Text, nullable=False),
        sa.Column("updated", _MOMENT, nullable=False),
    )
    op.create_index("ix_family_notes_updated", "family_notes", ["updated"])


def downgrade() -> None:
    raise RuntimeError("Going back would end links that families gave to doctors; restore a backup instead.")
