"""Answers may go to several study teams: which reference each trial's lead has."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("screenings", sa.Column("sent", sa.JSON, nullable=True))


def downgrade() -> None:
    raise RuntimeError("Going back would lose to whom answers were sent; restore a backup instead.")
