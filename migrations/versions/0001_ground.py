"""Roles, plain text and money, and the one way a table is guarded.

Two roles per database, named after it: the owner can't log in and owns everything; the desk logs in and owns nothing.
They belong to the whole cluster, so a downgrade leaves them.
"""

from alembic import op

from frontdesk.db.ddl import AS_OWNER, statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(ROLES)
    op.execute(DATABASE)
    op.execute(AS_OWNER)
    op.execute(statements(UP))
    op.execute("RESET ROLE")


def downgrade() -> None:
    op.execute(DOWN)


ROLES = """
DO $$
DECLARE
    owner name := current_database() || '_owner';
    desk name := current_database() || '_desk';
BEGIN
    -- A longer name is cut off in the middle of _owner and _desk, and both would be one role.
    IF octet_length(current_database()) > 57 THEN
        RAISE EXCEPTION 'the name of database % is too long: 57 bytes at most', current_database()
            USING ERRCODE = 'name_too_long';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('frontdesk roles'));
    IF to_regrole(quote_ident(owner)) IS NULL THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', owner);
    END IF;
    IF to_regrole(quote_ident(desk)) IS NULL THEN
        EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT NOCREATEDB NOCREATEROLE', desk);
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = desk
                AND (rolsuper OR rolbypassrls OR rolreplication OR rolcreaterole OR rolcreatedb))
       OR EXISTS (SELECT FROM pg_auth_members WHERE member = to_regrole(quote_ident(desk))) THEN
        RAISE EXCEPTION 'role % was here already and may more than sign people in', desk
            USING ERRCODE = 'invalid_role_specification', HINT = 'Drop the role or give the database another name.';
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT %I TO %I', owner, current_user);
    END IF;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA public TO %I', owner);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', desk);
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON ROUTINES FROM PUBLIC', owner);
    -- A copied or renamed database keeps the roles it was made with, so their names are kept and never made up again.
    EXECUTE format('CREATE FUNCTION owner_role() RETURNS name LANGUAGE sql IMMUTABLE RETURN %L::name', owner);
    EXECUTE format('CREATE FUNCTION desk_role() RETURNS name LANGUAGE sql IMMUTABLE RETURN %L::name', desk);
    COMMENT ON FUNCTION owner_role() IS 'The role that owns everything here and can not log in';
    COMMENT ON FUNCTION desk_role() IS 'The role the program logs in as';
    EXECUTE format('ALTER FUNCTION owner_role() OWNER TO %I', owner);
    EXECUTE format('ALTER FUNCTION desk_role() OWNER TO %I', owner);
    REVOKE ALL ON FUNCTION owner_role(), desk_role() FROM PUBLIC;
    EXECUTE format('ALTER TABLE schema_version OWNER TO %I', owner);
END $$
"""

DATABASE = """
CREATE PROCEDURE guard_database() LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF has_database_privilege('public', current_database(), 'CONNECT, TEMP')
       OR NOT has_database_privilege(desk_role(), current_database(), 'CONNECT') THEN
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), desk_role());
    END IF;
    IF NOT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
                    WHERE d.datname = current_database() AND s.setrole = to_regrole(quote_ident(desk_role()))) THEN
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L',
                       desk_role(), current_database(), '60s');
    END IF;
END $$;
COMMENT ON PROCEDURE guard_database IS 'Who may connect, and for how long a transaction may idle. These belong to the database and not to what is in it: a copy or a restored backup comes without them';
REVOKE ALL ON PROCEDURE guard_database() FROM PUBLIC;
DO $$ BEGIN EXECUTE format('ALTER PROCEDURE guard_database() OWNER TO %I', owner_role()); END $$;
CALL guard_database();
"""

UP = r"""
COMMENT ON TABLE schema_version IS 'Where the schema stands';
COMMENT ON COLUMN schema_version.version_num IS 'Number of the last migration';
ALTER TABLE schema_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY schema_version_read ON schema_version FOR SELECT USING (true);
DO $$ BEGIN EXECUTE format('GRANT SELECT ON schema_version TO %I', desk_role()); END $$;

CREATE TABLE schema_checksums ( --: What every applied migration looked like when it was applied
    revision text PRIMARY KEY, --: The migration's number
    sha256 text NOT NULL, --: Digest of its file; a file edited afterwards is refused
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp() --: When it was applied
);

ALTER TABLE schema_checksums ENABLE ROW LEVEL SECURITY;
CREATE POLICY schema_checksums_read ON schema_checksums FOR SELECT USING (true);
DO $$ BEGIN EXECUTE format('GRANT SELECT ON schema_checksums TO %I', desk_role()); END $$;

CREATE DOMAIN plain_text AS text
    CONSTRAINT plain_text_has_no_control_characters
    CHECK (VALUE !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]');
COMMENT ON DOMAIN plain_text IS 'One line of text from people or machines, safe to show in a terminal';

CREATE DOMAIN note_text AS text
    CONSTRAINT note_text_has_no_control_characters
    CHECK (VALUE !~ '[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]');
COMMENT ON DOMAIN note_text IS 'Several lines of text, safe to show in a terminal';

CREATE DOMAIN money_amount AS numeric
    CONSTRAINT money_amount_is_rounded CHECK (scale(VALUE) <= 3 AND abs(VALUE) < 1000000000);
COMMENT ON DOMAIN money_amount IS 'An amount in the shop''s currency, already rounded to its minor unit';

CREATE DOMAIN percentage AS numeric
    CONSTRAINT percentage_is_sane CHECK (VALUE >= 0 AND VALUE <= 100 AND scale(VALUE) <= 4);
COMMENT ON DOMAIN percentage IS 'A share of a hundred';

CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION touch_row() IS 'Keeps updated_at';
"""

DOWN = """
DROP POLICY schema_version_read ON schema_version;
DO $$ BEGIN EXECUTE format('REVOKE ALL ON schema_version FROM %I', desk_role()); END $$;
DROP FUNCTION touch_row();
DROP DOMAIN percentage;
DROP DOMAIN money_amount;
DROP DOMAIN note_text;
DROP DOMAIN plain_text;
DROP TABLE schema_checksums;
DROP PROCEDURE guard_database();
DROP FUNCTION desk_role(), owner_role();
"""
