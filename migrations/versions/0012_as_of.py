"""The book as it stood at any moment: a door that takes later changes of visits back, for reading (features N4)."""

from alembic import op

from frontdesk.db.ddl import AS_OWNER

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute(AS_OWNER)
    op.execute(DOORS)
    op.execute("RESET ROLE")


def downgrade() -> None:
    op.execute("DROP FUNCTION book_as_of(bigint, timestamptz, timestamptz, timestamptz)")
    op.execute("DROP FUNCTION row_as_of(text, bigint, jsonb, timestamptz)")


DOORS = """
CREATE FUNCTION row_as_of(_table text, _row bigint, _now jsonb, _at timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    -- The newest change is taken back first, so that of each column the oldest old value is what remains.
    SELECT CASE WHEN first.action IS NULL THEN _now
                WHEN first.action = 'insert' THEN NULL
                ELSE coalesce(_now, '{}') || coalesce((
                    SELECT jsonb_object_agg(k.key, k.value ORDER BY a.at DESC, a.id DESC)
                      FROM audit_log a CROSS JOIN LATERAL jsonb_each(a.old) k
                     WHERE a.table_name = _table AND a.row_id = _row AND a.at > _at), '{}') END
      FROM (SELECT (SELECT a.action FROM audit_log a
                     WHERE a.table_name = _table AND a.row_id = _row AND a.at > _at
                     ORDER BY a.at, a.id LIMIT 1) AS action) AS first
$$;
COMMENT ON FUNCTION row_as_of IS 'A row as it stood at a moment, from what it is now; nothing when it was not there yet. No door: it asks nobody who they are';

CREATE FUNCTION book_as_of(_shop bigint, _since timestamptz, _until timestamptz, _at timestamptz)
RETURNS TABLE (what text, kept jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    here actor := signed_in();
BEGIN
    IF here.role IS NULL OR NOT EXISTS (SELECT FROM shops s WHERE s.id = _shop AND s.business_id = here.business_id) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH later AS MATERIALIZED (
        SELECT a.table_name, a.row_id, a.action, a.old FROM audit_log a
         WHERE a.at > _at AND a.business_id = here.business_id AND a.table_name IN
            ('appointments', 'appointment_services', 'appointment_parts', 'class_sessions', 'sale_lines')),
    changed AS MATERIALIZED (
        SELECT c.row_id AS id, row_as_of('appointments', c.row_id, to_jsonb(a), _at) AS was
          FROM (SELECT DISTINCT l.row_id FROM later l WHERE l.table_name = 'appointments') c
          LEFT JOIN appointments a ON a.id = c.row_id),
    visits AS MATERIALIZED (
        SELECT v.id, v.was FROM (
            SELECT a.id, to_jsonb(a) AS was FROM appointments a
             WHERE a.business_id = here.business_id AND a.shop_id = _shop AND a.starts_at >= _since
               AND a.starts_at < _until AND NOT EXISTS (SELECT FROM changed c WHERE c.id = a.id)
            UNION ALL
            SELECT c.id, c.was FROM changed c
             WHERE (c.was->>'shop_id')::bigint = _shop AND (c.was->>'starts_at')::timestamptz >= _since
               AND (c.was->>'starts_at')::timestamptz < _until) v),
    lines AS MATERIALIZED (
        SELECT i.id, row_as_of('appointment_services', i.id, to_jsonb(l), _at) AS was
          FROM (SELECT s.id FROM appointment_services s JOIN visits v ON v.id = s.appointment_id
                UNION
                SELECT l.row_id FROM later l JOIN visits v ON v.id = (l.old->>'appointment_id')::bigint
                 WHERE l.table_name = 'appointment_services' AND l.action = 'delete') i
          LEFT JOIN appointment_services l ON l.id = i.id),
    parts AS (
        SELECT row_as_of('appointment_parts', i.id, to_jsonb(p), _at) AS was
          FROM (SELECT s.id FROM appointment_parts s JOIN lines n ON n.id = s.appointment_service_id
                UNION
                SELECT l.row_id FROM later l JOIN lines n ON n.id = (l.old->>'appointment_service_id')::bigint
                 WHERE l.table_name = 'appointment_parts' AND l.action = 'delete') i
          LEFT JOIN appointment_parts p ON p.id = i.id),
    sessions AS (
        SELECT row_as_of('class_sessions', i.id, to_jsonb(k), _at) AS was
          FROM (SELECT s.id FROM class_sessions s
                 WHERE s.business_id = here.business_id AND s.starts_at >= _since AND s.starts_at < _until
                UNION
                SELECT l.row_id FROM later l
                 WHERE l.table_name = 'class_sessions' AND (l.old->>'starts_at')::timestamptz >= _since
                   AND (l.old->>'starts_at')::timestamptz < _until) i
          LEFT JOIN class_sessions k ON k.id = i.id)
    SELECT 'visit', v.was || jsonb_build_object(
               'in_series', EXISTS (SELECT FROM series_dates d WHERE d.appointment_id = v.id),
               'new_customer', v.was->>'customer_id' IS NOT NULL AND NOT EXISTS (
                   SELECT FROM appointments b
                    WHERE b.customer_id = (v.was->>'customer_id')::bigint
                      AND b.starts_at < (v.was->>'starts_at')::timestamptz
                      AND b.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
                      AND NOT EXISTS (SELECT FROM changed c WHERE c.id = b.id)
                   UNION ALL
                   SELECT FROM changed c
                    WHERE c.was->>'customer_id' = v.was->>'customer_id'
                      AND (c.was->>'starts_at')::timestamptz < (v.was->>'starts_at')::timestamptz
                      AND c.was->>'status' NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')))
      FROM visits v
    UNION ALL
    SELECT 'line', n.was || jsonb_build_object('paid', EXISTS (
               SELECT FROM sale_lines s
                WHERE s.appointment_service_id = n.id
                  AND (here.role <> 'stylist'
                       OR s.stylist_id = (SELECT p.id FROM stylists p WHERE p.user_id = here.user_id))
                  AND NOT EXISTS (SELECT FROM later l WHERE l.table_name = 'sale_lines' AND l.row_id = s.id
                                                        AND l.action = 'insert')))
      FROM lines n WHERE n.was IS NOT NULL
    UNION ALL
    SELECT 'part', p.was FROM parts p WHERE p.was IS NOT NULL
    UNION ALL
    SELECT 'session', k.was FROM sessions k
     WHERE (k.was->>'shop_id')::bigint = _shop AND (k.was->>'starts_at')::timestamptz >= _since
       AND (k.was->>'starts_at')::timestamptz < _until;
END $$;
COMMENT ON FUNCTION book_as_of IS 'Door: a shop''s visits of a stretch of time as they stood at a moment, with their lines, parts and classes; for everybody who may see the book, because history itself is not for all';

DO $$ BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION book_as_of(bigint, timestamptz, timestamptz, timestamptz) TO %I', desk_role());
END $$;
"""
