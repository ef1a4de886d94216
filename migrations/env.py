"""Alembic's environment: one connection handed in by `frontdesk.db.migrations`, one transaction per revision."""

from alembic import context

config = context.config
context.configure(
    connection=config.attributes["connection"],
    version_table="schema_version",
    transaction_per_migration=True,
    on_version_apply=config.attributes["on_version_apply"],
)
with context.begin_transaction():
    context.run_migrations()
