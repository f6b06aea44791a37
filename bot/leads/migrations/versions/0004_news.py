"""Sign-ups for news: addresses to be told, mails that belong to them, and the trials that are known."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _signups()
    op.create_table(
        "confirm_mails",
        sa.Column("email_mark", sa.String(64), primary_key=True),
        sa.Column("first", _MOMENT, nullable=False),
        sa.Column("last", _MOMENT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "known_trials",
        sa.Column("trial", sa.String(32), primary_key=True),
        sa.Column("since", _MOMENT, nullable=False),
    )
    _deliveries()


def _signups() -> None:
    op.create_table(
        "signups",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("session_hash", sa.String(64)),
        sa.Column("email_mark", sa.String(64), nullable=False),
        sa.Column("details_sealed", sa.Text, nullable=False),
        sa.Column("day", sa.Date),
        sa.Column("studies", sa.Boolean, nullable=False),
        sa.Column("studies_seen", _MOMENT, nullable=False),
        sa.Column("confirm_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("stop_hash", sa.String(64), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("confirmed", _MOMENT),
        sa.Column("ends", _MOMENT, nullable=False),
    )
    for column in ("session_hash", "email_mark", "day", "stop_hash", "created"):
        op.create_index(f"ix_signups_{column}", "signups", [column])


def _deliveries() -> None:
    """Until now each delivery belonged to a lead; from here on to a lead or to a sign-up."""
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("lead_id", existing_type=sa.Integer, nullable=True)
        deliveries.add_column(sa.Column("signup_id", sa.Integer))
        deliveries.create_foreign_key(
            "fk_deliveries_signup_id", "signups", ["signup_id"], ["id"], ondelete="CASCADE"
        )
        deliveries.create_check_constraint("one_owner", "(lead_id IS NULL) <> (signup_id IS NULL)")
    op.create_index("ix_deliveries_signup_id", "deliveries", ["signup_id"])


def downgrade() -> None:
    raise RuntimeError("Going back would lose who asked to be told; restore a backup instead.")
