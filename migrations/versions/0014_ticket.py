"""The ticket in full."""

from alembic import op

from frontdesk.db.ddl import AS_OWNER

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute(AS_OWNER)
    op.execute("RESET ROLE")


def downgrade() -> None:
    op.execute("SELECT 1")
