"""What stylists are paid: rules of commission, tiers, guarantees, pay periods that freeze, statements, tips pooled and paid.

`stylist_rates` becomes `commission_rules`: its rows stay, and say now of what, by which form and of which base.
Commission is written by doors only. Tiers are reckoned as a difference, round(f(after)) - round(f(before)), so that the
entries of a rule in a period always add up to f of their bases, whichever way they come and go.
"""

from alembic import op

from frontdesk.db.ddl import AS_OWNER, statements

revision = "0019"
down_revision = "0018"

EVERYONE = "{trainee,receptionist,stylist,manager,admin,auditor}"
READERS = "{trainee,receptionist,manager,admin,auditor}"
LEDGER = "{manager,admin,auditor}"
MANAGERS = "{manager,admin}"


def upgrade() -> None:
    op.execute(AS_OWNER)
    op.execute(renamed("stylist_rates", "commission_rules"))
    op.execute(RULES)
    op.execute(statements(TABLES))
    op.execute(ENTRIES)
    op.execute(PROMISES)
    op.execute(RECKONING)
    op.execute(DOORS)
    op.execute(ACCESS)
    op.execute("RESET ROLE")


def downgrade() -> None:
    op.execute(DOWN)
    op.execute(renamed("commission_rules", "stylist_rates"))
    op.execute(DOWN_RATES)
    op.execute(AS_OWNER)
    op.execute(ONE_HAND)
    op.execute("RESET ROLE")


def renamed(before: str, after: str) -> str:
    """The SQL that gives a table of rules, and all that is named after it, another name."""
    constraints = ("pkey", "business_fkey", "stylist_fkey", "tenant_key")
    policies = ("read", "insert", "update")
    return "\n".join(
        [
            f"ALTER TABLE {before} RENAME TO {after};",
            f"ALTER SEQUENCE {before}_id_seq RENAME TO {after}_id_seq;",
            *(f"ALTER TABLE {after} RENAME CONSTRAINT {before}_{part} TO {after}_{part};" for part in constraints),
            *(f"ALTER POLICY {before}_{part} ON {after} RENAME TO {after}_{part};" for part in policies),
            f"ALTER TRIGGER {before}_history ON {after} RENAME TO {after}_history;",
        ]
    )


RULES = """
ALTER TABLE commission_rules
    DROP CONSTRAINT stylist_rates_key,
    DROP CONSTRAINT stylist_rates_kind_known,
    ALTER COLUMN stylist_id DROP NOT NULL,
    ALTER COLUMN percent DROP NOT NULL,
    ADD COLUMN level plain_text,
    ADD COLUMN service_id bigint,
    ADD COLUMN product_id bigint,
    ADD COLUMN category_id bigint,
    ADD COLUMN coupon_id bigint,
    ADD COLUMN price_class_id bigint,
    ADD COLUMN form text NOT NULL DEFAULT 'percent',
    ADD COLUMN flat money_amount CONSTRAINT commission_rules_flat_not_negative CHECK (flat >= 0),
    ADD COLUMN base text NOT NULL DEFAULT 'net',
    ADD COLUMN valid_until date NOT NULL DEFAULT 'infinity',
    ADD CONSTRAINT commission_rules_kind_known
        CHECK (kind IN ('service', 'product', 'bundle', 'package', 'membership', 'fee')),
    ADD CONSTRAINT commission_rules_level_given CHECK (level <> ''),
    ADD CONSTRAINT commission_rules_form_known CHECK (form IN ('percent', 'flat', 'tier_whole', 'tier_band')),
    ADD CONSTRAINT commission_rules_base_known
        CHECK (base IN ('list', 'discounted', 'net', 'taxed', 'after_cost', 'voucher')),
    ADD CONSTRAINT commission_rules_says_how_much
        CHECK ((form = 'percent') = (percent IS NOT NULL) AND (form = 'flat') = (flat IS NOT NULL)),
    ADD CONSTRAINT commission_rules_whose CHECK (num_nonnulls(stylist_id, level) <= 1),
    ADD CONSTRAINT commission_rules_of_what
        CHECK (num_nonnulls(service_id, product_id, category_id, coupon_id, price_class_id) <= 1),
    ADD CONSTRAINT commission_rules_kind_fits
        CHECK (CASE WHEN product_id IS NOT NULL THEN kind = 'product'
                    WHEN num_nonnulls(service_id, category_id) > 0 THEN kind = 'service' ELSE true END),
    ADD CONSTRAINT commission_rules_dates_ordered CHECK (valid_from <= valid_until),
    ADD CONSTRAINT commission_rules_service_fkey FOREIGN KEY (business_id, service_id) REFERENCES services (business_id, id),
    ADD CONSTRAINT commission_rules_product_fkey FOREIGN KEY (business_id, product_id) REFERENCES products (business_id, id),
    ADD CONSTRAINT commission_rules_category_fkey FOREIGN KEY (business_id, category_id)
        REFERENCES service_categories (business_id, id),
    ADD CONSTRAINT commission_rules_coupon_fkey FOREIGN KEY (business_id, coupon_id) REFERENCES coupons (business_id, id),
    ADD CONSTRAINT commission_rules_price_class_fkey FOREIGN KEY (business_id, price_class_id)
        REFERENCES price_classes (business_id, id);
CREATE UNIQUE INDEX commission_rules_key ON commission_rules
    (business_id, stylist_id, kind, level, service_id, product_id, category_id, coupon_id, price_class_id, valid_from)
    NULLS NOT DISTINCT WHERE valid_from < valid_until;
COMMENT ON TABLE commission_rules IS
    'What is earned of a line, by whom. Of those that hold on a day the first of these counts: for this service or product, for its category, for a coupon on it, for the ticket''s price class, for any; among them for this stylist, for their level, for everybody; among them the latest';
COMMENT ON COLUMN commission_rules.id IS 'Number of the rule';
COMMENT ON COLUMN commission_rules.stylist_id IS 'For this stylist; for a level or for everybody when it is empty';
COMMENT ON COLUMN commission_rules.level IS 'For stylists of this level';
COMMENT ON COLUMN commission_rules.service_id IS 'For this service';
COMMENT ON COLUMN commission_rules.product_id IS 'For this product';
COMMENT ON COLUMN commission_rules.category_id IS 'For services of this category';
COMMENT ON COLUMN commission_rules.coupon_id IS 'On lines that this coupon took something off';
COMMENT ON COLUMN commission_rules.price_class_id IS 'On tickets at this price class';
COMMENT ON COLUMN commission_rules.form IS 'percent of the base; flat: an amount for each; tier_whole: the whole of the period at the rate that it reached; tier_band: each band of it at its own rate';
COMMENT ON COLUMN commission_rules.percent IS 'Of the base';
COMMENT ON COLUMN commission_rules.flat IS 'For each one sold';
COMMENT ON COLUMN commission_rules.base IS 'list: the list price; discounted: as priced, after discount; net: after discount without any tax; taxed: with all taxes; after_cost: net less the product used; voucher: what the package or voucher is worth, net where none pays';
COMMENT ON COLUMN commission_rules.valid_from IS 'First day';
COMMENT ON COLUMN commission_rules.valid_until IS 'Day after the last';
"""

TABLES = """
CREATE TABLE commission_tiers ( --: Bands of a tiered rule
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, --: Number of the band
    business_id bigint NOT NULL DEFAULT actor_business()
        CONSTRAINT commission_tiers_business_fkey REFERENCES businesses (id), --: The tenant
    rule_id bigint NOT NULL, --: Of which rule
    from_amount money_amount NOT NULL CONSTRAINT commission_tiers_not_negative CHECK (from_amount >= 0), --: Reached with this much in the period; the first is 0
    percent percentage NOT NULL, --: Its rate
    CONSTRAINT commission_tiers_rule_fkey FOREIGN KEY (business_id, rule_id)
        REFERENCES commission_rules (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT commission_tiers_key UNIQUE (business_id, rule_id, from_amount)
);
CREATE TABLE guarantees ( --: What somebody has at least for a pay period, whatever they earned
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, --: Number of the guarantee
    business_id bigint NOT NULL DEFAULT actor_business()
        CONSTRAINT guarantees_business_fkey REFERENCES businesses (id), --: The tenant
    stylist_id bigint NOT NULL, --: Who
    amount money_amount NOT NULL CONSTRAINT guarantees_not_negative CHECK (amount >= 0), --: For a whole period
    currency text NOT NULL CONSTRAINT guarantees_currency_form CHECK (currency ~ '^[A-Z]{3}$'), --: Of the amount
    valid_from date NOT NULL DEFAULT '-infinity', --: First day; the latest one that holds on a period's last day counts
    valid_until date NOT NULL DEFAULT 'infinity', --: Day after the last
    CONSTRAINT guarantees_stylist_fkey FOREIGN KEY (business_id, stylist_id)
        REFERENCES stylists (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT guarantees_dates_ordered CHECK (valid_from <= valid_until)
);
CREATE UNIQUE INDEX guarantees_key ON guarantees (business_id, stylist_id, currency, valid_from)
    WHERE valid_from < valid_until;
CREATE TABLE pay_periods ( --: Stretches of days that are paid together; closing one freezes what is dated in it
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, --: Number of the period
    business_id bigint NOT NULL DEFAULT actor_business()
        CONSTRAINT pay_periods_business_fkey REFERENCES businesses (id), --: The tenant
    first_day date NOT NULL, --: From
    last_day date NOT NULL, --: To and with
    closed_at timestamptz, --: When it was closed; open while it is empty
    closed_by bigint, --: By whom
    CONSTRAINT pay_periods_ordered CHECK (first_day <= last_day AND isfinite(first_day) AND isfinite(last_day)),
    CONSTRAINT pay_periods_closed_by_somebody CHECK (num_nonnulls(closed_at, closed_by) <> 1),
    CONSTRAINT pay_periods_closed_by_fkey FOREIGN KEY (business_id, closed_by) REFERENCES users (business_id, id),
    CONSTRAINT pay_periods_tenant_key UNIQUE (business_id, id),
    CONSTRAINT pay_periods_no_overlap EXCLUDE USING gist (
        int8range(business_id, business_id, '[]') WITH &&, daterange(first_day, last_day, '[]') WITH &&)
);
CREATE TABLE statements ( --: What somebody was paid for a period, as it was when it was closed
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, --: Number of the statement
    business_id bigint NOT NULL DEFAULT actor_business()
        CONSTRAINT statements_business_fkey REFERENCES businesses (id), --: The tenant
    period_id bigint NOT NULL, --: For which period
    stylist_id bigint NOT NULL, --: Whose
    currency text NOT NULL CONSTRAINT statements_currency_form CHECK (currency ~ '^[A-Z]{3}$'), --: Of every amount in it
    commission money_amount NOT NULL, --: Earned, less what was taken back
    top_up money_amount NOT NULL CONSTRAINT statements_top_up_not_negative CHECK (top_up >= 0), --: Up to the guarantee
    tips money_amount NOT NULL, --: Paid with it: tips that were not paid out before
    total money_amount NOT NULL, --: To pay
    contents jsonb NOT NULL, --: Every entry with its arithmetic, as shown
    at timestamptz NOT NULL, --: When it was made
    CONSTRAINT statements_period_fkey FOREIGN KEY (business_id, period_id)
        REFERENCES pay_periods (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT statements_stylist_fkey FOREIGN KEY (business_id, stylist_id)
        REFERENCES stylists (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT statements_key UNIQUE (business_id, period_id, stylist_id, currency),
    CONSTRAINT statements_add_up CHECK (total = commission + top_up + tips)
);
CREATE TABLE tips_in_pay ( --: Tips that were paid with the pay of a period
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, --: Number of the row
    business_id bigint NOT NULL DEFAULT actor_business()
        CONSTRAINT tips_in_pay_business_fkey REFERENCES businesses (id), --: The tenant
    period_id bigint NOT NULL, --: With which period
    stylist_id bigint NOT NULL, --: Whose
    currency text NOT NULL CONSTRAINT tips_in_pay_currency_form CHECK (currency ~ '^[A-Z]{3}$'), --: Of the amount
    amount money_amount NOT NULL, --: How much; negative where more had been paid out than was due
    CONSTRAINT tips_in_pay_period_fkey FOREIGN KEY (business_id, period_id)
        REFERENCES pay_periods (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT tips_in_pay_stylist_fkey FOREIGN KEY (business_id, stylist_id)
        REFERENCES stylists (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT tips_in_pay_key UNIQUE (business_id, period_id, stylist_id, currency)
);
CREATE TABLE tip_pools ( --: Tips of a shop that were thrown together and shared by hours
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, --: Number of the pool
    business_id bigint NOT NULL DEFAULT actor_business()
        CONSTRAINT tip_pools_business_fkey REFERENCES businesses (id), --: The tenant
    shop_id bigint NOT NULL, --: Of which shop
    first_day date NOT NULL, --: Tips and hours from this day
    last_day date NOT NULL, --: To and with this
    currency text NOT NULL CONSTRAINT tip_pools_currency_form CHECK (currency ~ '^[A-Z]{3}$'), --: Of the amounts
    total money_amount NOT NULL CONSTRAINT tip_pools_positive CHECK (total > 0), --: The sum of its tips, and of its shares
    at timestamptz NOT NULL, --: When it was shared out
    made_by bigint NOT NULL DEFAULT actor_user(), --: By whom
    CONSTRAINT tip_pools_shop_fkey FOREIGN KEY (business_id, shop_id) REFERENCES shops (business_id, id),
    CONSTRAINT tip_pools_made_by_fkey FOREIGN KEY (business_id, made_by) REFERENCES users (business_id, id),
    CONSTRAINT tip_pools_ordered CHECK (first_day <= last_day),
    CONSTRAINT tip_pools_tenant_key UNIQUE (business_id, id)
);
CREATE TABLE tip_pool_shares ( --: Who has which part of a pool
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, --: Number of the row
    business_id bigint NOT NULL DEFAULT actor_business()
        CONSTRAINT tip_pool_shares_business_fkey REFERENCES businesses (id), --: The tenant
    pool_id bigint NOT NULL, --: Of which pool
    stylist_id bigint NOT NULL, --: Whose
    minutes integer NOT NULL CONSTRAINT tip_pool_shares_minutes_positive CHECK (minutes > 0), --: For how long they were there
    amount money_amount NOT NULL CONSTRAINT tip_pool_shares_not_negative CHECK (amount >= 0), --: How much
    CONSTRAINT tip_pool_shares_pool_fkey FOREIGN KEY (business_id, pool_id)
        REFERENCES tip_pools (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT tip_pool_shares_stylist_fkey FOREIGN KEY (business_id, stylist_id)
        REFERENCES stylists (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT tip_pool_shares_key UNIQUE (business_id, pool_id, stylist_id)
);
CREATE TABLE pooled_tips ( --: Which tips are in which pool; a tip is pooled once
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, --: Number of the row
    business_id bigint NOT NULL DEFAULT actor_business()
        CONSTRAINT pooled_tips_business_fkey REFERENCES businesses (id), --: The tenant
    pool_id bigint NOT NULL, --: In which pool
    tip_id bigint NOT NULL, --: Which tip
    CONSTRAINT pooled_tips_pool_fkey FOREIGN KEY (business_id, pool_id)
        REFERENCES tip_pools (business_id, id) ON DELETE RESTRICT,
    CONSTRAINT pooled_tips_key UNIQUE (business_id, tip_id)
);
CREATE INDEX pooled_tips_pool_index ON pooled_tips (pool_id);
"""

ENTRIES = """
ALTER TABLE tips ADD CONSTRAINT tips_tenant_key UNIQUE (business_id, id);
ALTER TABLE pooled_tips ADD CONSTRAINT pooled_tips_tip_fkey FOREIGN KEY (business_id, tip_id)
    REFERENCES tips (business_id, id) ON DELETE RESTRICT;

ALTER TABLE commissions RENAME COLUMN rate_id TO rule_id;
ALTER TABLE commissions RENAME CONSTRAINT commissions_rate_fkey TO commissions_rule_fkey;
ALTER TABLE commissions
    ADD CONSTRAINT commissions_tenant_key UNIQUE (business_id, id),
    ALTER COLUMN sale_id DROP NOT NULL,
    ALTER COLUMN sale_line_id DROP NOT NULL,
    ALTER COLUMN percent DROP NOT NULL,
    ALTER COLUMN rule_id DROP NOT NULL,
    ADD COLUMN kind text NOT NULL DEFAULT 'earned'
        CONSTRAINT commissions_kind_known CHECK (kind IN ('earned', 'refund', 'adjustment', 'top_up')),
    ADD COLUMN for_day date,
    ADD COLUMN currency text CONSTRAINT commissions_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    ADD COLUMN corrects_id bigint,
    ADD COLUMN inputs jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN written_by bigint DEFAULT actor_user();
-- What the new columns say of old rows is no event: history is not asked.
ALTER TABLE commissions DISABLE TRIGGER commissions_history;
UPDATE commissions c SET for_day = day, currency = (SELECT s.currency FROM sales s WHERE s.id = c.sale_id);
ALTER TABLE commissions ENABLE TRIGGER commissions_history;
ALTER TABLE commissions
    ALTER COLUMN for_day SET NOT NULL,
    ALTER COLUMN currency SET NOT NULL,
    ADD CONSTRAINT commissions_corrects_fkey FOREIGN KEY (business_id, corrects_id)
        REFERENCES commissions (business_id, id) ON DELETE RESTRICT,
    ADD CONSTRAINT commissions_written_by_fkey FOREIGN KEY (business_id, written_by) REFERENCES users (business_id, id),
    ADD CONSTRAINT commissions_of_a_line CHECK (kind NOT IN ('earned', 'refund')
        OR num_nonnulls(sale_id, sale_line_id, rule_id) = 3),
    ADD CONSTRAINT commissions_refund_corrects CHECK (kind <> 'refund' OR corrects_id IS NOT NULL);
CREATE INDEX commissions_rule_index ON commissions (rule_id, stylist_id, for_day) INCLUDE (base);
CREATE INDEX commissions_corrects_index ON commissions (corrects_id) WHERE corrects_id IS NOT NULL;
COMMENT ON COLUMN commissions.sale_id IS 'Of which sale; none for an adjustment by hand and a top-up';
COMMENT ON COLUMN commissions.day IS 'The shop''s day it is dated: with the period of this day it is paid';
COMMENT ON COLUMN commissions.base IS 'What it was reckoned of; negative where it is taken back';
COMMENT ON COLUMN commissions.percent IS 'The rate, where there was one';
COMMENT ON COLUMN commissions.amount IS 'Earned; negative where it is taken back';
COMMENT ON COLUMN commissions.rule_id IS 'The rule that applied';
COMMENT ON COLUMN commissions.kind IS 'earned of a line; refund takes it back; adjustment corrects a closed period, or by hand; top_up makes it the guarantee';
COMMENT ON COLUMN commissions.for_day IS 'The day in whose period its base counts towards tiers: that of the sale, also when it is taken back later';
COMMENT ON COLUMN commissions.currency IS 'Of the amounts';
COMMENT ON COLUMN commissions.corrects_id IS 'Which entry it takes back from';
COMMENT ON COLUMN commissions.inputs IS 'Everything the arithmetic needs, to print it and to do it again';
COMMENT ON COLUMN commissions.written_by IS 'At whose doing';
"""

PROMISES = """
CREATE FUNCTION check_rule_has_tiers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM commission_tiers
                    WHERE business_id = NEW.business_id AND rule_id = NEW.id AND from_amount = 0) THEN
        RAISE EXCEPTION 'rule % has no band that begins at nothing', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commission_rules_have_tiers';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION check_rule_has_tiers() IS 'At commit: a tiered rule has bands, and the first begins at nothing';
CREATE CONSTRAINT TRIGGER commission_rules_have_tiers AFTER INSERT OR UPDATE ON commission_rules
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.form IN ('tier_whole', 'tier_band'))
    EXECUTE FUNCTION check_rule_has_tiers();

CREATE FUNCTION keep_used_rule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _rule bigint := (to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'commission_tiers' THEN 'rule_id' ELSE 'id' END)::bigint;
BEGIN
    IF EXISTS (SELECT FROM commissions WHERE business_id = NEW.business_id AND rule_id = _rule)
       AND (TG_OP = 'INSERT' OR to_jsonb(OLD) - 'valid_until' <> to_jsonb(NEW) - 'valid_until') THEN
        RAISE EXCEPTION 'somebody has earned by rule %', _rule
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commission_rules_used_are_kept';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_used_rule() IS 'A rule that somebody has earned by only ends';
CREATE TRIGGER commission_rules_used_are_kept BEFORE UPDATE ON commission_rules
    FOR EACH ROW EXECUTE FUNCTION keep_used_rule();
CREATE TRIGGER commission_tiers_used_are_kept BEFORE INSERT ON commission_tiers
    FOR EACH ROW EXECUTE FUNCTION keep_used_rule();

CREATE FUNCTION keep_pay_period() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR NEW.first_day <> OLD.first_day THEN
        RAISE EXCEPTION 'pay period % is kept as it is', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_periods_closed_are_kept';
    END IF;
    IF NEW.last_day <> OLD.last_day AND EXISTS (
        SELECT FROM commissions WHERE business_id = OLD.business_id
           AND for_day > least(OLD.last_day, NEW.last_day) AND for_day <= greatest(OLD.last_day, NEW.last_day)) THEN
        RAISE EXCEPTION 'somebody has earned between the ends of pay period %', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_periods_earned_in_are_kept';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_pay_period() IS 'A period is closed once; its end moves only over days on which nobody earned';
CREATE TRIGGER pay_periods_are_kept BEFORE UPDATE ON pay_periods
    FOR EACH ROW EXECUTE FUNCTION keep_pay_period();

CREATE FUNCTION day_is_paid(_business bigint, _day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    _closed timestamptz;
BEGIN
    -- Held until the commit: a period is not closed under an entry, nor does one slip in after its statements.
    SELECT closed_at INTO _closed FROM pay_periods
     WHERE business_id = _business AND _day BETWEEN first_day AND last_day FOR SHARE;
    RETURN _closed IS NOT NULL;
END $$;
COMMENT ON FUNCTION day_is_paid(bigint, date) IS 'Whether a day lies in a closed pay period; holds the period';

CREATE FUNCTION keep_paid_commissions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    touched commissions := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF day_is_paid(touched.business_id, touched.day)
       OR (TG_OP = 'UPDATE' AND day_is_paid(OLD.business_id, OLD.day)) THEN
        RAISE EXCEPTION 'the pay of % is closed', touched.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commissions_paid_are_kept';
    END IF;
    RETURN touched;
END $$;
COMMENT ON FUNCTION keep_paid_commissions() IS 'Nothing is added to, changed in or taken from a closed pay period';
CREATE TRIGGER commissions_paid_are_kept BEFORE INSERT OR UPDATE OR DELETE ON commissions
    FOR EACH ROW EXECUTE FUNCTION keep_paid_commissions();

CREATE FUNCTION keep_paid_tips() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF day_is_paid(NEW.business_id, (SELECT day FROM sales WHERE business_id = NEW.business_id AND id = NEW.sale_id)) THEN
        RAISE EXCEPTION 'the tips of sale % are paid', NEW.sale_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tips_paid_are_kept';
    END IF;
    IF EXISTS (SELECT FROM tips t JOIN pooled_tips p ON p.business_id = t.business_id AND p.tip_id = t.id
                WHERE t.business_id = NEW.business_id AND t.sale_id = NEW.sale_id) THEN
        RAISE EXCEPTION 'the tips of sale % are in a pool', NEW.sale_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tips_pooled_are_kept';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_paid_tips() IS 'A tip is moved until its day''s pay is closed, and while it is in no pool';
CREATE TRIGGER tips_paid_are_kept BEFORE INSERT ON tips
    FOR EACH ROW WHEN (NEW.moved_at IS NOT NULL) EXECUTE FUNCTION keep_paid_tips();

CREATE FUNCTION keep_paid_statements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT closed_at FROM pay_periods WHERE business_id = NEW.business_id AND id = NEW.period_id) IS NOT NULL THEN
        RAISE EXCEPTION 'pay period % is closed', NEW.period_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statements_closed_are_kept';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_paid_statements() IS 'Statements are made while a period is being closed, and never after';
CREATE TRIGGER statements_closed_are_kept BEFORE INSERT ON statements
    FOR EACH ROW EXECUTE FUNCTION keep_paid_statements();
CREATE TRIGGER tips_in_pay_closed_are_kept BEFORE INSERT ON tips_in_pay
    FOR EACH ROW EXECUTE FUNCTION keep_paid_statements();

CREATE FUNCTION check_pool_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM tip_pools WHERE business_id = NEW.business_id AND id = NEW.id) THEN
        RETURN NULL; -- taken back again
    END IF;
    IF NEW.total IS DISTINCT FROM (SELECT sum(amount) FROM tip_pool_shares
                                    WHERE business_id = NEW.business_id AND pool_id = NEW.id)
       OR NEW.total IS DISTINCT FROM (SELECT sum(t.amount) FROM pooled_tips p
                                        JOIN tips t ON t.business_id = p.business_id AND t.id = p.tip_id
                                        JOIN sales s ON s.business_id = t.business_id AND s.id = t.sale_id
                                       WHERE p.business_id = NEW.business_id AND p.pool_id = NEW.id
                                         AND (s.shop_id, s.currency) = (NEW.shop_id, NEW.currency)) THEN
        RAISE EXCEPTION 'pool % is not the sum of its tips and of its shares', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tip_pools_add_up';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION check_pool_adds_up() IS 'At commit: a pool is the sum of its shop''s tips in it, and of its shares';
CREATE CONSTRAINT TRIGGER tip_pools_add_up AFTER INSERT ON tip_pools
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_pool_adds_up();

CREATE FUNCTION empty_pool() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF day_is_paid(OLD.business_id, OLD.last_day) OR EXISTS (
        SELECT FROM (SELECT DISTINCT s.day FROM pooled_tips p JOIN tips t ON t.business_id = p.business_id AND t.id = p.tip_id
                       JOIN sales s ON s.business_id = t.business_id AND s.id = t.sale_id
                      WHERE p.business_id = OLD.business_id AND p.pool_id = OLD.id) given
         WHERE day_is_paid(OLD.business_id, given.day)) THEN
        RAISE EXCEPTION 'the tips of pool % are paid', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tip_pools_paid_are_kept';
    END IF;
    DELETE FROM pooled_tips WHERE business_id = OLD.business_id AND pool_id = OLD.id;
    DELETE FROM tip_pool_shares WHERE business_id = OLD.business_id AND pool_id = OLD.id;
    RETURN OLD;
END $$;
COMMENT ON FUNCTION empty_pool() IS 'A pool is taken back whole, until the pay of one of its days is closed; its tips are their owners'' again';
CREATE TRIGGER tip_pools_paid_are_kept BEFORE DELETE ON tip_pools
    FOR EACH ROW EXECUTE FUNCTION empty_pool();
"""

RECKONING = """
CREATE FUNCTION pay_period_of(_business bigint, _day date) RETURNS pay_periods LANGUAGE plpgsql AS $$
DECLARE
    found pay_periods;
    before pay_periods;
    _first date;
    _last date;
BEGIN
    SELECT * INTO found FROM pay_periods WHERE business_id = _business AND _day BETWEEN first_day AND last_day;
    IF found.id IS NOT NULL THEN
        RETURN found;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('pay periods of ' || _business, 0));
    SELECT * INTO found FROM pay_periods WHERE business_id = _business AND _day BETWEEN first_day AND last_day;
    IF found.id IS NOT NULL THEN
        RETURN found;
    END IF;
    SELECT * INTO before FROM pay_periods WHERE business_id = _business AND last_day < _day ORDER BY last_day DESC LIMIT 1;
    IF before.id IS NULL OR (before.first_day = date_trunc('month', before.first_day)::date
                             AND before.last_day = (date_trunc('month', before.first_day) + interval '1 month')::date - 1) THEN
        _first := date_trunc('month', _day)::date;
        _last := (date_trunc('month', _day) + interval '1 month')::date - 1;
    ELSE
        _first := before.last_day + 1
            + (_day - before.last_day - 1) / (before.last_day - before.first_day + 1)
              * (before.last_day - before.first_day + 1);
        _last := _first + (before.last_day - before.first_day);
    END IF;
    _first := greatest(_first, before.last_day + 1);
    _last := least(_last, (SELECT min(first_day) - 1 FROM pay_periods WHERE business_id = _business AND first_day > _day));
    INSERT INTO pay_periods (business_id, first_day, last_day) VALUES (_business, _first, _last) RETURNING * INTO found;
    RETURN found;
END $$;
COMMENT ON FUNCTION pay_period_of(bigint, date) IS
    'The pay period of a day; made when there is none: a calendar month, or as long as the one before it';

CREATE FUNCTION shared_part(_total numeric, _weights numeric[], _place integer, _digits integer) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    WITH pieces AS (
        SELECT n, div(units * weight, whole) AS mine, mod(units * weight, whole) AS rest, units
          FROM (SELECT n, round(w * 1000) AS weight, round(sum(w) OVER () * 1000) AS whole,
                       abs(round(_total * power(10::numeric, _digits), 0)) AS units
                  FROM unnest(_weights) WITH ORDINALITY AS x (w, n)) y),
    given AS (
        SELECT n, mine + (row_number() OVER (ORDER BY rest DESC, n) <= units - sum(mine) OVER ())::integer AS mine
          FROM pieces)
    SELECT round(sign(_total) * mine / power(10::numeric, _digits), _digits) FROM given WHERE n = _place
$$;
COMMENT ON FUNCTION shared_part(numeric, numeric[], integer, integer) IS
    'One part of an amount shared by weights, largest remainder, ties to the first, as money.split does';

CREATE FUNCTION tier_amount(_rule commission_rules, _total numeric, _digits integer) RETURNS numeric
LANGUAGE sql STABLE AS $$
    -- round() on numeric goes half away from zero, as money.rounded does.
    SELECT CASE
        WHEN _rule.form = 'tier_whole' OR _total < 0 THEN
            round(_total * (SELECT percent FROM commission_tiers
                             WHERE business_id = _rule.business_id AND rule_id = _rule.id
                               AND from_amount <= greatest(_total, 0) ORDER BY from_amount DESC LIMIT 1) / 100, _digits)
        ELSE round((SELECT coalesce(sum((least(_total, coalesce(until_amount, _total)) - from_amount) * percent), 0)
                      FROM (SELECT from_amount, percent, lead(from_amount) OVER (ORDER BY from_amount) AS until_amount
                              FROM commission_tiers
                             WHERE business_id = _rule.business_id AND rule_id = _rule.id) bands
                     WHERE from_amount < _total) / 100, _digits)
    END
$$;
COMMENT ON FUNCTION tier_amount(commission_rules, numeric, integer) IS
    'What a tiered rule pays on the whole of a period: all at the rate reached, or each band at its own';

CREATE FUNCTION tiered_base(_rule commission_rules, _stylist bigint, _currency text, _first date, _last date)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(base), 0) FROM commissions
     WHERE rule_id = _rule.id AND stylist_id = _stylist AND for_day BETWEEN _first AND _last
       AND business_id = _rule.business_id AND currency = _currency
$$;
COMMENT ON FUNCTION tiered_base(commission_rules, bigint, text, date, date) IS
    'What somebody''s entries by a rule come to in a period';

CREATE FUNCTION commission_tiers_of(_rule commission_rules) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(jsonb_build_array(from_amount::text, percent::text) ORDER BY from_amount) FROM commission_tiers
     WHERE business_id = _rule.business_id AND rule_id = _rule.id AND _rule.form IN ('tier_whole', 'tier_band')
$$;
COMMENT ON FUNCTION commission_tiers_of(commission_rules) IS 'The bands of a rule, to be printed';

CREATE FUNCTION commission_rule_for(_sale sales, _line sale_lines, _stylist bigint) RETURNS commission_rules
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found commission_rules;
BEGIN
    SELECT r.* INTO found FROM commission_rules r JOIN stylists s ON s.business_id = r.business_id AND s.id = _stylist
      LEFT JOIN services v ON v.business_id = r.business_id AND v.id = _line.service_id
     WHERE r.business_id = _sale.business_id AND r.valid_from <= _sale.day AND r.valid_until > _sale.day
       AND r.kind = _line.kind
       AND (r.stylist_id IS NULL OR r.stylist_id = _stylist)
       AND (r.level IS NULL OR r.level = s.level)
       AND (r.service_id IS NULL OR r.service_id = _line.service_id)
       AND (r.product_id IS NULL OR r.product_id = _line.product_id)
       AND (r.category_id IS NULL OR r.category_id = v.category_id)
       AND (r.coupon_id IS NULL OR EXISTS (
            SELECT FROM sale_discounts d WHERE d.business_id = r.business_id AND d.sale_line_id = _line.id
                                           AND d.coupon_id = r.coupon_id))
       AND (r.price_class_id IS NULL OR r.price_class_id = _sale.price_class_id)
     ORDER BY CASE WHEN num_nonnulls(r.service_id, r.product_id) > 0 THEN 0
                   WHEN r.category_id IS NOT NULL THEN 1
                   WHEN r.coupon_id IS NOT NULL THEN 2
                   WHEN r.price_class_id IS NOT NULL THEN 3 ELSE 4 END,
              CASE WHEN r.stylist_id IS NOT NULL THEN 0 WHEN r.level IS NOT NULL THEN 1 ELSE 2 END,
              r.valid_from DESC, r.id DESC
     LIMIT 1;
    RETURN found;
END $$;
COMMENT ON FUNCTION commission_rule_for(sales, sale_lines, bigint) IS
    'The rule that counts for a line and a pair of hands: the item, its category, the promotion, any; then the stylist, the level, everybody; then the latest';

CREATE FUNCTION commission_base(_rule commission_rules, _line sale_lines, _digits integer) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT round(CASE
        WHEN _rule.form = 'flat' THEN _rule.flat * _line.quantity
        WHEN _rule.base = 'list' THEN coalesce(_line.list_price, _line.unit_price) * _line.quantity
        WHEN _rule.base = 'discounted' THEN _line.gross - _line.discount
        WHEN _rule.base = 'taxed' THEN _line.total
        WHEN _rule.base = 'after_cost' THEN greatest(_line.taxable - _line.cost * _line.quantity, 0)
        WHEN _rule.base = 'voucher' THEN coalesce(_line.voucher_value * _line.quantity, _line.taxable)
        ELSE _line.taxable END, _digits)
$$;
COMMENT ON FUNCTION commission_base(commission_rules, sale_lines, integer) IS
    'What a rule reckons of a line, before it is shared by hands';
"""

DOORS = """
DROP FUNCTION write_commissions(bigint, integer);
CREATE FUNCTION write_commissions(_sale bigint, _digits integer, _hands jsonb DEFAULT '[]') RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sale sales;
    sold sale_lines;
    part record;
    rule commission_rules;
    period pay_periods;
    _whole numeric;
    _base numeric;
    _before numeric;
    _amount numeric;
    _written integer := 0;
BEGIN
    SELECT * INTO sale FROM sales
     WHERE id = _sale AND business_id = actor_business() AND status = 'open' AND kind = 'sale';
    IF _digits NOT BETWEEN 0 AND 3 OR sale.id IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'commission is written with the sale at hand only';
    END IF;
    IF EXISTS (
        SELECT FROM jsonb_to_recordset(_hands) AS h (line bigint, stylist bigint, minutes numeric)
          LEFT JOIN sale_lines l ON l.business_id = sale.business_id AND l.sale_id = sale.id AND l.id = h.line
         WHERE l.id IS NULL OR h.stylist IS NULL OR h.minutes IS NULL OR h.minutes NOT BETWEEN 0.001 AND 1000000) THEN
        RAISE EXCEPTION 'the shares of a line are not the line'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commissions_shares_add_up';
    END IF;
    period := pay_period_of(sale.business_id, sale.day);
    IF EXISTS (SELECT FROM commission_rules WHERE business_id = sale.business_id AND form IN ('tier_whole', 'tier_band')) THEN
        -- Whoever earns by tiers is held, in one order everywhere: two tills add to the same total one after the other.
        PERFORM FROM stylists s WHERE s.business_id = sale.business_id AND s.id IN (
            SELECT l.stylist_id FROM sale_lines l WHERE l.business_id = sale.business_id AND l.sale_id = sale.id
            UNION SELECT h.stylist FROM jsonb_to_recordset(_hands) AS h (stylist bigint)
            UNION SELECT a.stylist_id FROM appointment_fees f
                    JOIN sale_lines l ON l.business_id = f.business_id AND l.id = f.sale_line_id
                    JOIN appointment_services a ON a.business_id = f.business_id AND a.id = f.appointment_service_id
                   WHERE l.business_id = sale.business_id AND l.sale_id = sale.id)
         ORDER BY s.id FOR NO KEY UPDATE;
    END IF;
    FOR sold IN SELECT * FROM sale_lines WHERE business_id = sale.business_id AND sale_id = sale.id ORDER BY position LOOP
        FOR part IN
            WITH hands AS (
                SELECT h.stylist, h.minutes, row_number() OVER (ORDER BY h.place) AS place
                  FROM (SELECT (e ->> 'line')::bigint AS line, (e ->> 'stylist')::bigint AS stylist,
                               (e ->> 'minutes')::numeric AS minutes, n AS place
                          FROM jsonb_array_elements(_hands) WITH ORDINALITY AS x (e, n)) h
                 WHERE h.line = sold.id)
            SELECT stylist, place::integer AS place, (SELECT array_agg(minutes ORDER BY place) FROM hands) AS weights
              FROM hands
            UNION ALL
            SELECT coalesce(sold.stylist_id, (
                       SELECT a.stylist_id FROM appointment_fees f
                         JOIN appointment_services a ON a.business_id = f.business_id AND a.id = f.appointment_service_id
                        WHERE f.business_id = sold.business_id AND f.sale_line_id = sold.id)), 1, '{1}'::numeric[]
             WHERE NOT EXISTS (SELECT FROM hands)
            ORDER BY 2
        LOOP
            CONTINUE WHEN part.stylist IS NULL;
            rule := commission_rule_for(sale, sold, part.stylist);
            CONTINUE WHEN rule.id IS NULL;
            _whole := commission_base(rule, sold, _digits);
            _base := CASE WHEN cardinality(part.weights) = 1 THEN _whole
                          ELSE shared_part(_whole, part.weights, part.place, _digits) END;
            _before := NULL;
            IF rule.form IN ('tier_whole', 'tier_band') THEN
                _before := tiered_base(rule, part.stylist, sale.currency, period.first_day, period.last_day);
                _amount := tier_amount(rule, _before + _base, _digits) - tier_amount(rule, _before, _digits);
            ELSE
                _amount := CASE rule.form WHEN 'flat' THEN _base ELSE round(_base * rule.percent / 100, _digits) END;
            END IF;
            INSERT INTO commissions (business_id, sale_id, sale_line_id, stylist_id, day, for_day, base, percent, amount,
                                     rule_id, currency, inputs)
            VALUES (sale.business_id, sale.id, sold.id, part.stylist, sale.day, sale.day, _base, rule.percent, _amount,
                    rule.id, sale.currency, jsonb_strip_nulls(jsonb_build_object(
                        'form', rule.form, 'base', rule.base, 'name', sold.name, 'quantity', sold.quantity::text,
                        'list', coalesce(sold.list_price, sold.unit_price)::text, 'gross', sold.gross::text,
                        'discount', sold.discount::text, 'taxable', sold.taxable::text, 'tax', sold.tax::text,
                        'total', sold.total::text, 'cost', sold.cost::text, 'voucher', sold.voucher_value::text,
                        'percent', rule.percent::text, 'flat', rule.flat::text, 'tiers', commission_tiers_of(rule),
                        'whole', _whole::text, 'place', CASE WHEN cardinality(part.weights) > 1 THEN part.place END,
                        'weights', CASE WHEN cardinality(part.weights) > 1 THEN to_jsonb(part.weights::text[]) END,
                        'before', _before::text,
                        'first_day', CASE WHEN _before IS NOT NULL THEN period.first_day END,
                        'last_day', CASE WHEN _before IS NOT NULL THEN period.last_day END)));
            _written := _written + 1;
        END LOOP;
    END LOOP;
    RETURN _written;
END $$;
COMMENT ON FUNCTION write_commissions IS
    'Door: commission of the ticket at hand, for cashiers who may not see rules; of shared work by whose hands did it';

CREATE FUNCTION write_refund_commissions(_refund bigint, _policy text, _digits integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sale sales;
    part record;
    rule commission_rules;
    period pay_periods;
    _how text;
    _goes numeric;
    _take numeric;
    _left numeric;
    _before numeric;
    _amount numeric;
    _paid boolean;
    _written integer := 0;
BEGIN
    SELECT * INTO sale FROM sales
     WHERE id = _refund AND business_id = actor_business() AND status = 'open' AND kind IN ('refund', 'void');
    IF _digits NOT BETWEEN 0 AND 3 OR sale.id IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'commission is taken back with the refund at hand only';
    END IF;
    _how := CASE WHEN sale.kind = 'void' THEN 'withhold' ELSE coalesce(nullif(_policy, ''), (
        SELECT CASE WHEN takes_commission_back THEN 'withhold' ELSE 'goodwill' END FROM shops WHERE id = sale.shop_id)) END;
    IF _how NOT IN ('withhold', 'goodwill', 'split') THEN
        RAISE EXCEPTION 'commission is withheld, left or split, not %', _how
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commissions_policy_known';
    END IF;
    -- One refund of a sale after the other, and whoever earned of it is held in the order of everywhere.
    PERFORM FROM sales WHERE business_id = sale.business_id AND id = sale.corrects_id FOR NO KEY UPDATE;
    PERFORM FROM stylists s WHERE s.business_id = sale.business_id AND s.id IN (
        SELECT c.stylist_id FROM commissions c WHERE c.business_id = sale.business_id AND c.sale_id = sale.corrects_id)
     ORDER BY s.id FOR NO KEY UPDATE;
    FOR part IN
        SELECT l.id AS line, e.*, CASE WHEN o.total <> 0 THEN abs(o.total) ELSE abs(o.quantity) END AS part_of,
               CASE WHEN o.total <> 0 THEN abs(l.total) ELSE abs(l.quantity) END AS part_now,
               (SELECT coalesce(sum(CASE WHEN o.total <> 0 THEN abs(x.total) ELSE abs(x.quantity) END), 0)
                  FROM sale_lines x WHERE x.business_id = o.business_id AND x.corrects_line_id = o.id AND x.id < l.id)
                   AS part_before
          FROM sale_lines l JOIN sale_lines o ON o.business_id = l.business_id AND o.id = l.corrects_line_id
          JOIN commissions e ON e.business_id = o.business_id AND e.sale_line_id = o.id AND e.kind = 'earned'
         WHERE l.business_id = sale.business_id AND l.sale_id = sale.id ORDER BY l.position, e.id
    LOOP
        SELECT * INTO rule FROM commission_rules WHERE business_id = part.business_id AND id = part.rule_id;
        _goes := round(part.base * (part.part_before + part.part_now) / part.part_of, _digits)
                 - round(part.base * part.part_before / part.part_of, _digits);
        _take := round(_goes * CASE _how WHEN 'withhold' THEN 1 WHEN 'split' THEN 0.5 ELSE 0 END, _digits);
        _left := part.base + (SELECT coalesce(sum(c.base), 0) FROM commissions c
                               WHERE c.business_id = part.business_id AND c.corrects_id = part.id);
        _before := NULL;
        period := pay_period_of(part.business_id, part.for_day);
        _paid := period.closed_at IS NOT NULL;
        IF rule.form IN ('tier_whole', 'tier_band') THEN
            _before := tiered_base(rule, part.stylist_id, part.currency, period.first_day, period.last_day);
            _amount := tier_amount(rule, _before - _take, _digits) - tier_amount(rule, _before, _digits);
        ELSIF rule.form = 'flat' THEN
            _amount := -_take;
        ELSE
            -- As much as is left of the entry's base earns what is left of it: halves of a cent come out even.
            _amount := round((_left - _take) * rule.percent / 100, _digits) - round(_left * rule.percent / 100, _digits);
        END IF;
        INSERT INTO commissions (business_id, kind, sale_id, sale_line_id, stylist_id, day, for_day, base, percent,
                                 amount, rule_id, currency, corrects_id, inputs)
        VALUES (part.business_id, CASE WHEN _paid THEN 'adjustment' ELSE 'refund' END, sale.id, part.line,
                part.stylist_id, sale.day, part.for_day, -_take, rule.percent, _amount, rule.id, part.currency, part.id,
                jsonb_strip_nulls(jsonb_build_object(
                    'form', rule.form, 'policy', _how, 'name', part.inputs -> 'name', 'earned_base', part.base::text,
                    'part_of', part.part_of::text, 'part_before', part.part_before::text, 'part_now', part.part_now::text,
                    'goes', _goes::text, 'take', _take::text, 'left', _left::text, 'percent', rule.percent::text,
                    'flat', rule.flat::text, 'tiers', commission_tiers_of(rule), 'before', _before::text,
                    'first_day', CASE WHEN _before IS NOT NULL OR _paid THEN period.first_day END,
                    'last_day', CASE WHEN _before IS NOT NULL OR _paid THEN period.last_day END)));
        _written := _written + 1;
    END LOOP;
    RETURN _written;
END $$;
COMMENT ON FUNCTION write_refund_commissions(bigint, text, integer) IS
    'Door: what a refund or a void takes back of commission: withhold all of it, goodwill nothing, split half; a void all';

CREATE FUNCTION write_pay_adjustment(_stylist bigint, _day date, _amount numeric, _currency text, _reason text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _written bigint;
BEGIN
    IF actor_role() NOT IN ('manager', 'admin') OR actor_role() IS NULL
       OR NOT EXISTS (SELECT FROM stylists WHERE id = _stylist AND business_id = actor_business()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a manager adjusts pay';
    END IF;
    IF _amount = 0 OR coalesce(_reason, '') = '' THEN
        RAISE EXCEPTION 'an adjustment is an amount with a reason'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commissions_adjustments_say_why';
    END IF;
    PERFORM pay_period_of(actor_business(), _day);
    INSERT INTO commissions (business_id, kind, stylist_id, day, for_day, base, amount, currency, inputs)
    VALUES (actor_business(), 'adjustment', _stylist, _day, _day, 0, _amount, _currency,
            jsonb_build_object('form', 'by_hand', 'reason', _reason::plain_text, 'amount', _amount::text))
    RETURNING id INTO _written;
    RETURN _written;
END $$;
COMMENT ON FUNCTION write_pay_adjustment(bigint, date, numeric, text, text) IS
    'Door: a manager corrects somebody''s pay, with a reason and dated in an open period';

CREATE FUNCTION write_top_ups(_period bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    period pay_periods;
    _written integer;
BEGIN
    SELECT * INTO period FROM pay_periods
     WHERE id = _period AND business_id = actor_business() AND closed_at IS NULL FOR UPDATE;
    IF period.id IS NULL OR actor_role() NOT IN ('manager', 'admin') OR actor_role() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a manager tops up the pay of an open period';
    END IF;
    INSERT INTO commissions (business_id, kind, stylist_id, day, for_day, base, amount, currency, inputs)
    SELECT period.business_id, 'top_up', g.stylist_id, period.last_day, period.last_day, 0, g.amount - e.earned,
           g.currency, jsonb_build_object('form', 'top_up', 'guarantee', g.amount::text, 'earned', e.earned::text,
                                          'first_day', period.first_day, 'last_day', period.last_day)
      FROM (SELECT DISTINCT ON (stylist_id, currency) * FROM guarantees
             WHERE business_id = period.business_id AND valid_from <= period.last_day AND valid_until > period.last_day
             ORDER BY stylist_id, currency, valid_from DESC) g
      CROSS JOIN LATERAL (
          SELECT coalesce(sum(c.amount), 0) AS earned FROM commissions c
           WHERE c.business_id = period.business_id AND c.stylist_id = g.stylist_id AND c.currency = g.currency
             AND c.day BETWEEN period.first_day AND period.last_day AND c.kind <> 'top_up'
             AND (c.kind <> 'adjustment' OR c.for_day >= period.first_day)) e
     WHERE g.amount > e.earned
       AND NOT EXISTS (SELECT FROM commissions c WHERE c.business_id = period.business_id AND c.kind = 'top_up'
                          AND c.stylist_id = g.stylist_id AND c.currency = g.currency AND c.day = period.last_day);
    GET DIAGNOSTICS _written = ROW_COUNT;
    RETURN _written;
END $$;
COMMENT ON FUNCTION write_top_ups(bigint) IS
    'Door: makes what was earned in a period the guarantee, where it is less; corrections of earlier periods do not count';

CREATE FUNCTION tip_entries(_currency text, _until date, _ends timestamptz)
RETURNS TABLE (stylist_id bigint, kind text, day date, at timestamptz, number bigint, amount numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH actor AS (SELECT actor_business() AS business, actor_role() AS role, actor_stylist() AS stylist),
    paid AS (SELECT coalesce(min(p.first_day), date_trunc('month', _until)::date) AS first_day,
                    coalesce(max(p.last_day) FILTER (WHERE p.closed_at IS NOT NULL), '-infinity') AS last_closed
               FROM pay_periods p WHERE p.business_id = (SELECT business FROM actor)),
    entries AS (
        SELECT t.stylist_id, 'own' AS kind, s.day, NULL::timestamptz AS at, s.number, t.amount::numeric AS amount
          FROM paid, sales s JOIN tips t ON t.business_id = s.business_id AND t.sale_id = s.id
          JOIN shops h ON h.business_id = s.business_id AND h.id = s.shop_id
         WHERE s.business_id = (SELECT business FROM actor) AND s.currency = _currency AND s.number IS NOT NULL
           AND s.day BETWEEN paid.first_day AND _until AND (NOT h.pools_tips OR s.day <= paid.last_closed)
           AND NOT EXISTS (SELECT FROM pooled_tips x WHERE x.business_id = t.business_id AND x.tip_id = t.id)
        UNION ALL
        SELECT w.stylist_id, 'pool', p.last_day, p.at, p.id, w.amount
          FROM tip_pools p JOIN tip_pool_shares w ON w.business_id = p.business_id AND w.pool_id = p.id
         WHERE p.business_id = (SELECT business FROM actor) AND p.currency = _currency AND p.last_day <= _until
        UNION ALL
        SELECT m.stylist_id, 'paid_out', NULL, m.at, m.id, m.amount
          FROM drawer_moves m JOIN shops h ON h.business_id = m.business_id AND h.id = m.shop_id
         WHERE m.business_id = (SELECT business FROM actor) AND h.currency = _currency AND m.kind = 'tip_out' AND m.at < _ends
        UNION ALL
        SELECT i.stylist_id, 'in_pay', p.last_day, p.closed_at, p.id, -i.amount
          FROM tips_in_pay i JOIN pay_periods p ON p.business_id = i.business_id AND p.id = i.period_id
         WHERE i.business_id = (SELECT business FROM actor) AND i.currency = _currency AND p.last_day <= _until)
    SELECT e.* FROM entries e, actor
     WHERE actor.role IN ('trainee', 'receptionist', 'manager', 'admin', 'auditor') OR e.stylist_id = actor.stylist
$$;
COMMENT ON FUNCTION tip_entries(text, date, timestamptz) IS
    'Door: tips owed as entries, given, pooled, paid out and paid with the pay, of everybody for the desk and of oneself for a stylist; tips of a shop that pools are owed once they are pooled';

DO $$ BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION tip_entries(text, date, timestamptz) TO %I', desk_role());
    EXECUTE format('GRANT EXECUTE ON FUNCTION write_commissions(bigint, integer, jsonb) TO %I', desk_role());
    EXECUTE format('GRANT EXECUTE ON FUNCTION write_refund_commissions(bigint, text, integer) TO %I', desk_role());
    EXECUTE format('GRANT EXECUTE ON FUNCTION write_pay_adjustment(bigint, date, numeric, text, text) TO %I', desk_role());
    EXECUTE format('GRANT EXECUTE ON FUNCTION write_top_ups(bigint) TO %I', desk_role());
END $$;
"""

ACCESS = f"""
CALL grant_columns('commission_rules');
CALL guard_table('commission_tiers', '{LEDGER}', '{MANAGERS}');
CALL guard_table('guarantees', '{LEDGER}', '{MANAGERS}', '{MANAGERS}', own => 'stylist_id = (SELECT actor_stylist())');
CALL guard_table('pay_periods', '{EVERYONE}', '{MANAGERS}', '{MANAGERS}', signed_by => 'closed_by');
CALL guard_table('statements', '{LEDGER}', '{MANAGERS}', own => 'stylist_id = (SELECT actor_stylist())');
CALL guard_table('tips_in_pay', '{READERS}', '{MANAGERS}', own => 'stylist_id = (SELECT actor_stylist())');
CALL guard_table('tip_pools', '{EVERYONE}', '{MANAGERS}', '{{}}', '{MANAGERS}', signed_by => 'made_by');
CALL guard_table('tip_pool_shares', '{READERS}', '{MANAGERS}', own => 'stylist_id = (SELECT actor_stylist())');
CALL guard_table('pooled_tips', '{EVERYONE}', '{MANAGERS}');
"""

DOWN = """
DROP FUNCTION write_commissions(bigint, integer, jsonb), write_refund_commissions(bigint, text, integer),
    write_pay_adjustment(bigint, date, numeric, text, text), write_top_ups(bigint),
    tip_entries(text, date, timestamptz);
DROP FUNCTION commission_base(commission_rules, sale_lines, integer),
    commission_rule_for(sales, sale_lines, bigint), commission_tiers_of(commission_rules),
    tiered_base(commission_rules, bigint, text, date, date), tier_amount(commission_rules, numeric, integer),
    shared_part(numeric, numeric[], integer, integer), pay_period_of(bigint, date);
DROP TRIGGER tips_paid_are_kept ON tips;
DROP TRIGGER commissions_paid_are_kept ON commissions;
DROP TRIGGER commission_rules_used_are_kept ON commission_rules;
DROP TRIGGER commission_rules_have_tiers ON commission_rules;
DROP TABLE pooled_tips, tip_pool_shares, tip_pools, tips_in_pay, statements, pay_periods, guarantees, commission_tiers;
DROP FUNCTION check_pool_adds_up(), empty_pool(), keep_paid_statements(), keep_paid_tips(), keep_paid_commissions(),
    day_is_paid(bigint, date), keep_pay_period(), keep_used_rule(), check_rule_has_tiers();
ALTER TABLE tips DROP CONSTRAINT tips_tenant_key;

-- What the rates of before can't say goes, with what was earned by it.
DROP INDEX commissions_rule_index, commissions_corrects_index;
ALTER TABLE commissions DROP CONSTRAINT commissions_corrects_fkey, DROP CONSTRAINT commissions_of_a_line,
    DROP CONSTRAINT commissions_refund_corrects;
DELETE FROM commissions c WHERE c.kind <> 'earned' OR c.rule_id IN (
    SELECT r.id FROM commission_rules r WHERE r.stylist_id IS NULL OR r.percent IS NULL OR r.base <> 'net'
        OR r.kind NOT IN ('service', 'product') OR r.valid_until < 'infinity'
        OR num_nonnulls(r.service_id, r.product_id, r.category_id, r.coupon_id, r.price_class_id) > 0);
ALTER TABLE commissions RENAME COLUMN rule_id TO rate_id;
ALTER TABLE commissions RENAME CONSTRAINT commissions_rule_fkey TO commissions_rate_fkey;
ALTER TABLE commissions DROP COLUMN kind, DROP COLUMN for_day, DROP COLUMN currency, DROP COLUMN corrects_id,
    DROP COLUMN inputs, DROP COLUMN written_by, DROP CONSTRAINT commissions_tenant_key,
    ALTER COLUMN sale_id SET NOT NULL, ALTER COLUMN sale_line_id SET NOT NULL, ALTER COLUMN percent SET NOT NULL,
    ALTER COLUMN rate_id SET NOT NULL;
COMMENT ON COLUMN commissions.sale_id IS 'Of which sale';
COMMENT ON COLUMN commissions.day IS 'The shop''s day it was earned';
COMMENT ON COLUMN commissions.base IS 'After discount, before tax';
COMMENT ON COLUMN commissions.percent IS 'The rate that applied';
COMMENT ON COLUMN commissions.amount IS 'Earned';
COMMENT ON COLUMN commissions.rate_id IS 'The rule that applied';

DELETE FROM commission_rules WHERE stylist_id IS NULL OR percent IS NULL OR base <> 'net'
    OR kind NOT IN ('service', 'product') OR valid_until < 'infinity'
    OR num_nonnulls(service_id, product_id, category_id, coupon_id, price_class_id) > 0;
DROP INDEX commission_rules_key;
"""

DOWN_RATES = """
ALTER TABLE stylist_rates
    DROP CONSTRAINT commission_rules_kind_known, DROP CONSTRAINT commission_rules_level_given,
    DROP CONSTRAINT commission_rules_form_known, DROP CONSTRAINT commission_rules_base_known,
    DROP CONSTRAINT commission_rules_says_how_much, DROP CONSTRAINT commission_rules_whose,
    DROP CONSTRAINT commission_rules_of_what, DROP CONSTRAINT commission_rules_kind_fits,
    DROP CONSTRAINT commission_rules_dates_ordered,
    DROP COLUMN level, DROP COLUMN service_id, DROP COLUMN product_id, DROP COLUMN category_id,
    DROP COLUMN coupon_id, DROP COLUMN price_class_id, DROP COLUMN form, DROP COLUMN flat, DROP COLUMN base, DROP COLUMN valid_until,
    ALTER COLUMN stylist_id SET NOT NULL, ALTER COLUMN percent SET NOT NULL,
    ADD CONSTRAINT stylist_rates_kind_known CHECK (kind IN ('service', 'product')),
    ADD CONSTRAINT stylist_rates_key UNIQUE (business_id, stylist_id, kind, valid_from);
COMMENT ON TABLE stylist_rates IS 'What a stylist earns of a line; read by managers, and by each stylist of their own';
COMMENT ON COLUMN stylist_rates.id IS 'Number of the rate';
COMMENT ON COLUMN stylist_rates.stylist_id IS 'Who';
COMMENT ON COLUMN stylist_rates.percent IS 'Of the line after discount and before tax';
COMMENT ON COLUMN stylist_rates.valid_from IS 'First day; the latest one that has begun counts';
"""

ONE_HAND = """
CREATE FUNCTION write_commissions(_sale bigint, _digits integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    written integer;
BEGIN
    IF _digits NOT BETWEEN 0 AND 3
       OR NOT EXISTS (SELECT FROM sales WHERE id = _sale AND business_id = actor_business() AND status = 'open') THEN
        RAISE insufficient_privilege USING MESSAGE = 'commission is written with the sale at hand only';
    END IF;
    -- The latest rate that has begun counts. round() on numeric goes half away from zero, as money.rounded does.
    INSERT INTO commissions (business_id, sale_id, sale_line_id, stylist_id, day, base, percent, amount, rate_id)
    SELECT l.business_id, s.id, l.id, l.stylist_id, s.day, l.taxable, r.percent,
           round(l.taxable * r.percent / 100, _digits), r.id
      FROM sales s JOIN sale_lines l ON l.business_id = s.business_id AND l.sale_id = s.id
      CROSS JOIN LATERAL (
          SELECT id, percent FROM stylist_rates
           WHERE business_id = l.business_id AND stylist_id = l.stylist_id AND valid_from <= s.day
             AND kind = CASE l.kind WHEN 'product' THEN 'product' ELSE 'service' END
           ORDER BY valid_from DESC LIMIT 1) r
     WHERE s.id = _sale AND l.kind IN ('service', 'product');
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;
COMMENT ON FUNCTION write_commissions IS 'Door: commission of the ticket at hand, for cashiers who may not see rates';
DO $$ BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION write_commissions(bigint, integer) TO %I', desk_role());
END $$;
"""
