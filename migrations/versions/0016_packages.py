"""Packages, loyalty and card terminals."""

from alembic import op

from frontdesk.db.ddl import AS_OWNER

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute(AS_OWNER)
    op.execute("RESET ROLE")


def downgrade() -> None:
    op.execute("SELECT 1")
