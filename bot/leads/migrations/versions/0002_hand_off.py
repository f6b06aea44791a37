"""The hand-off: states and notes of leads, kinds and tries of deliveries, roles, status codes, counts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_APPEND_ONLY = "audit entries are only ever added"


def upgrade() -> None:
    _leads()
    _deliveries()
    _staff()
    _new_tables()
    _audit()


def _leads() -> None:
    with op.batch_alter_table("leads") as leads:
        leads.alter_column("contact_sealed", existing_type=sa.Text, nullable=True)
        leads.add_column(sa.Column("email_mark", sa.String(64)))
        leads.add_column(sa.Column("phone_mark", sa.String(64)))
        leads.add_column(sa.Column("state", sa.String(12), nullable=False, server_default="new"))
        leads.add_column(sa.Column("state_changed", _MOMENT))
        leads.add_column(sa.Column("closed_reason", sa.String(40)))
        leads.add_column(sa.Column("withdrawn", _MOMENT))
    op.execute("UPDATE leads SET state_changed = created")
    with op.batch_alter_table("leads") as leads:
        leads.alter_column("state_changed", existing_type=_MOMENT, nullable=False)
        leads.alter_column("state", existing_type=sa.String(12), server_default=None)
    for column in ("email_mark", "phone_mark", "state"):
        op.create_index(f"ix_leads_{column}", "leads", [column])


def _deliveries() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="lead"))
        deliveries.add_column(sa.Column("payload_sealed", sa.Text))
        deliveries.add_column(sa.Column("created", _MOMENT))
        deliveries.add_column(sa.Column("claim", sa.String(32)))
    op.execute(
        "UPDATE deliveries SET created = (SELECT created FROM leads WHERE leads.id = deliveries.lead_id)"
    )
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("created", existing_type=_MOMENT, nullable=False)
        deliveries.alter_column("kind", existing_type=sa.String(16), server_default=None)
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "delivery_id", sa.Integer, sa.ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("claim", sa.String(32), nullable=False),
        sa.Column("started", _MOMENT, nullable=False),
        sa.Column("ended", _MOMENT),
        sa.Column("outcome", sa.String(200)),
        sa.Column("status", sa.Integer),
    )
    op.create_index("ix_attempts_delivery_id", "attempts", ["delivery_id"])


def _staff() -> None:
    with op.batch_alter_table("users") as users:
        # Who could read the inbox before there were roles may do all that can be done there.
        users.add_column(sa.Column("role", sa.String(16), nullable=False, server_default="administrator"))
        users.alter_column("password_hash", existing_type=sa.String(200), nullable=True)
        users.add_column(sa.Column("disabled", _MOMENT))
        users.drop_column("failures")
        users.drop_column("locked_until")
    with op.batch_alter_table("users") as users:
        users.alter_column("role", existing_type=sa.String(16), server_default=None)


def _new_tables() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lead_id", sa.Integer, sa.ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("text_sealed", sa.Text, nullable=False),
    )
    op.create_index("ix_notes_lead_id", "notes", ["lead_id"])
    op.create_table(
        "status_codes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lead_id", sa.Integer, sa.ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("expires", _MOMENT, nullable=False),
        sa.Column("wrong_tries", sa.Integer, nullable=False),
        sa.Column("used", _MOMENT),
    )
    op.create_index("ix_status_codes_lead_id", "status_codes", ["lead_id"])
    op.create_table(
        "counts",
        sa.Column("trial", sa.String(32), primary_key=True),
        sa.Column("what", sa.String(32), primary_key=True),
        sa.Column("which", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )


def _audit() -> None:
    op.add_column("audit", sa.Column("detail", sa.String(200)))
    op.create_index("ix_audit_reference", "audit", ["reference"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )


def downgrade() -> None:
    raise RuntimeError("Going back would lose what leads became; restore a backup instead.")
