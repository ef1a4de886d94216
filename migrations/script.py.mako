"""${message}."""

from alembic import op

from frontdesk.db.ddl import statements

revision = "${up_revision}"
down_revision = "${down_revision}"


def upgrade() -> None:
    op.execute(statements(UP))


def downgrade() -> None:
    op.execute(DOWN)


UP = """
"""

DOWN = """
"""
