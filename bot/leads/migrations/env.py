"""Alembic's way in. The connection comes from ``bot.leads.database.migrate``, inside its transaction."""

from alembic import context

from bot.leads.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
