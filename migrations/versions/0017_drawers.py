"""What goes in and out of drawers."""

from alembic import op

from frontdesk.db.ddl import AS_OWNER

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute(AS_OWNER)
    op.execute("RESET ROLE")


def downgrade() -> None:
    op.execute("SELECT 1")
