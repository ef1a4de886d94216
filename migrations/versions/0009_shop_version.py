"""Shops count their changes, so that two people who change one shop don't overwrite each other."""

from alembic import op

from frontdesk.db.ddl import AS_OWNER

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(AS_OWNER)
    op.execute("""
        ALTER TABLE shops ADD COLUMN version integer NOT NULL DEFAULT 1;
        COMMENT ON COLUMN shops.version IS 'Counts changes';
        CALL grant_columns('shops');
    """)
    op.execute("RESET ROLE")


def downgrade() -> None:
    op.execute("ALTER TABLE shops DROP COLUMN version")
