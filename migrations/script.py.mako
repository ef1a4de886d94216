"""${message}."""

from alembic import op

from frontdesk.db.ddl import AS_OWNER, statements

revision = "${up_revision}"
down_revision = "${down_revision}"


def upgrade() -> None:
    op.execute(AS_OWNER)
    op.execute(statements(UP))


def downgrade() -> None:
    op.execute(DOWN)


UP = """
"""

DOWN = """
"""
