"""Vale Street and Elm Road with at least one row in every table, so that a matrix has something to try its verbs on."""

from __future__ import annotations

import hashlib

import psycopg
from psycopg import sql

from tests import vale_street

VALE, ELM = 1, 2
AT_TERMINAL = "token at terminal of 1"
"""Ria's token where she signed in with her PIN, at Vale Street's front desk."""


def terminal_secret(business: int) -> str:
    """What lies in the file of a business's registered terminal."""
    return f"terminal of {business}"


def key(method: str, login: str) -> str:
    """What argon2id would make of a person's PIN or password."""
    return hashlib.sha256(f"{method} of {login}".encode()).hexdigest()


def build(conninfo: str) -> None:
    """Fill a freshly migrated database: the fixture's people and shops, then everything else, for both."""
    vale_street.build(conninfo)
    with psycopg.connect(conninfo) as connection:
        connection.execute(ELMS_OWN)
        for business in (VALE, ELM):
            connection.execute(_for(EVERYTHING, business))
        # A sale stays open inside its transaction only; the matrix needs one to add lines to.
        connection.execute("SET LOCAL session_replication_role = replica")
        for business in (VALE, ELM):
            connection.execute(_for(OPEN_SALE, business))
        connection.execute(NUMBERS)


def _for(statements: str, business: int) -> sql.Composed:
    first = {
        name: sql.SQL("(SELECT min(id) FROM {} WHERE business_id = {})").format(sql.Identifier(table), business)
        for name, table in FIRST.items()
    }
    return sql.SQL(statements).format(b=business, n=business * 1000, **first)


FIRST = {
    "shop": "shops",
    "user": "users",
    "terminal": "terminals",
    "customer": "customers",
    "service": "services",
    "category": "service_categories",
    "product": "products",
    "tax": "taxes",
    "stylist": "stylists",
    "resource": "resources",
    "rate": "commission_rules",
    "reason": "cancel_reasons",
    "batch": "import_batches",
}

ELMS_OWN = """
INSERT INTO taxes (business_id, name, percent, inclusive) VALUES (2, 'VAT', 20, true);
INSERT INTO products (business_id, code, name, price) VALUES (2, 'SHA', 'Shampoo', 9.00);
INSERT INTO cancel_reasons (business_id, name) VALUES (2, 'Ill');
INSERT INTO commission_rules (business_id, stylist_id, kind, percent)
    VALUES (2, 3, 'service', 30), (2, 3, 'product', 10);
INSERT INTO business_hours (business_id, shop_id, weekday, opens, closes) VALUES (2, 2, 1, '09:00', '18:00');
INSERT INTO weekly_shifts (business_id, stylist_id, shop_id, weekday, starts, ends)
    VALUES (2, 3, 2, 1, '09:00', '17:00');
"""

EVERYTHING = """
INSERT INTO resources (business_id, shop_id, kind, name) VALUES ({b}, {shop}, 'chair', 'Spare chair');
INSERT INTO terminals (business_id, shop_id, name, secret_hash)
    VALUES ({b}, {shop}, 'front desk', sha256(convert_to('terminal of ' || {b}, 'UTF8')));
INSERT INTO user_secrets (user_id, method, scheme, salt, key_hash)
    SELECT id, method, 'argon2id,t=2,m=19456,p=1', md5(login),
           sha256(sha256(convert_to(method || ' of ' || login, 'UTF8')))
      FROM users, unnest('{{pin,password}}'::text[]) AS method WHERE business_id = {b};
INSERT INTO sign_ins (business_id, user_id, terminal_id, method, token_hash, expires_at)
    VALUES ({b}, {user}, {terminal}, 'pin', sha256(convert_to('token at terminal of ' || {b}, 'UTF8')), 'infinity');
INSERT INTO sign_in_tries (what, failures, last_at) VALUES ('user ' || {n}, 1, now());
INSERT INTO approvals (business_id, code_hash, deed, approved_by, requested_by)
    VALUES ({b}, sha256(convert_to('code of ' || {b}, 'UTF8')), 'BOOK_PAST', {user}, {user});
INSERT INTO idempotency_keys (business_id, request_id, command, request_hash, answer, user_id)
    SELECT {b}, gen_random_uuid(), 'booking.book', 'digest', '"secret"', id FROM users WHERE business_id = {b};
INSERT INTO outbox_events (business_id, shop_id, kind, subject_id) VALUES ({b}, {shop}, 'appointment.booked', 1);
INSERT INTO stylist_specialties (business_id, stylist_id, service_id) VALUES ({b}, {stylist}, {service});
INSERT INTO service_resources (business_id, service_id, resource_id) VALUES ({b}, {service}, {resource});
INSERT INTO dated_shifts (business_id, stylist_id, shop_id, day) VALUES ({b}, {stylist}, {shop}, '2026-03-20');
INSERT INTO breaks (business_id, stylist_id, weekday, starts, ends) VALUES ({b}, {stylist}, 1, '12:00', '12:30');
INSERT INTO time_off (business_id, stylist_id, first_day, last_day) VALUES ({b}, {stylist}, '2026-08-01', '2026-08-14');
INSERT INTO closures (business_id, shop_id, first_day, last_day, name)
    VALUES ({b}, {shop}, '2026-12-25', '2026-12-26', 'Christmas');
INSERT INTO blocks (business_id, resource_id, starts_at, ends_at)
    VALUES ({b}, {resource}, '2026-03-10 09:00Z', '2026-03-10 10:00Z');
INSERT INTO strips (resource_id, business_id, published_from, published_until)
    VALUES ({resource}, {b}, '2026-03-09', '2027-03-09');

INSERT INTO appointments (id, business_id, shop_id, code, customer_id, status, starts_at, ends_at, starts_local)
    VALUES ({n}, {b}, {shop}, 'AAAA', {customer}, 'confirmed', '2026-03-09 10:00Z', '2026-03-09 11:00Z',
            '2026-03-09 10:00');
INSERT INTO appointment_services (id, business_id, appointment_id, position, service_id, stylist_id, name, price,
                                  status, starts_at, ends_at)
    SELECT {n} + line, {b}, {n}, line, {service}, {stylist}, 'Cut', 50, 'confirmed',
           '2026-03-09 10:00Z', '2026-03-09 10:45Z' FROM generate_series(1, 3) AS line;
INSERT INTO appointment_parts (id, business_id, appointment_service_id, position, kind, role, resource_id, starts_at,
                               ends_at)
    SELECT {n} + part, {b}, {n} + 1, part, 'active', 'lead', {resource}, '2026-03-09 10:00Z', '2026-03-09 10:45Z'
      FROM generate_series(1, 3) AS part;
INSERT INTO time_slots (business_id, resource_id, shop_id, starts_at, ends_at, status, part_id) VALUES
    ({b}, {resource}, {shop}, '2026-03-09 10:00Z', '2026-03-09 10:45Z', 'booked', {n} + 1);
INSERT INTO time_slots (business_id, resource_id, shop_id, starts_at, ends_at, status) VALUES
    ({b}, {resource}, {shop}, '2026-03-09 10:45Z', '2026-03-09 17:00Z', 'available');
INSERT INTO appointment_status_history (business_id, appointment_id, appointment_service_id, to_status, at, user_id)
    VALUES ({b}, {n}, {n} + 1, 'confirmed', '2026-03-01 10:00Z', {user});
INSERT INTO services (id, business_id, code, name, kind) VALUES ({n} + 90, {b}, 'GLOSS', 'Gloss', 'addon'),
    ({n} + 91, {b}, 'SHINE', 'Shine', 'addon');
INSERT INTO appointments (id, business_id, shop_id, code, guest_name, status, starts_at, ends_at, starts_local)
    VALUES ({n} + 9, {b}, {shop}, 'BBBB', 'Lou', 'confirmed', '2026-03-11 10:00Z', '2026-03-11 11:00Z',
            '2026-03-11 10:00');
INSERT INTO service_levels (business_id, service_id, level, price) VALUES ({b}, {service}, 'senior', 60);
INSERT INTO service_addons (business_id, service_id, addon_id) VALUES ({b}, {service}, {n} + 90);
INSERT INTO bundle_services (business_id, bundle_id, position, service_id) VALUES ({b}, {n} + 90, 1, {service});
INSERT INTO accommodations (business_id, customer_id, service_id, minutes, created_by)
    VALUES ({b}, {customer}, {service}, 60, {user});
INSERT INTO cancellation_policies (business_id, service_id, notice_minutes, late_percent)
    VALUES ({b}, {service}, 1440, 50);
INSERT INTO appointment_fees (business_id, shop_id, appointment_service_id, customer_id, kind, proposed, amount, at)
    VALUES ({b}, {shop}, {n} + 2, {customer}, 'no_show', 25, 25, '2026-03-09 11:00Z');
INSERT INTO customer_alerts (business_id, customer_id, kind, words) VALUES ({b}, {customer}, 'allergy', 'ammonia');
INSERT INTO arrival_cards (business_id, appointment_id, alerts, kinds, seen_by, seen_at)
    VALUES ({b}, {n}, '{{1}}', '{{birthday}}', {user}, '2026-03-09 10:00Z');
INSERT INTO appointment_groups (id, business_id, shop_id, name, organiser_id)
    VALUES ({n}, {b}, {shop}, 'Party', {customer});
INSERT INTO series (id, business_id, shop_id, customer_id, every, unit, starts_local, count)
    VALUES ({n}, {b}, {shop}, {customer}, 6, 'week', '2026-03-10 10:00', 8);
INSERT INTO series_dates (business_id, series_id, number, starts_local) VALUES ({b}, {n}, 1, '2026-03-10 10:00');
INSERT INTO class_sessions (id, business_id, shop_id, service_id, stylist_id, starts_at, ends_at, starts_local, seats,
                            price)
    VALUES ({n}, {b}, {shop}, {service}, {stylist}, '2026-03-11 10:00Z', '2026-03-11 11:00Z', '2026-03-11 10:00', 3,
            10);
INSERT INTO class_seats (business_id, session_id, seats, number, appointment_id) VALUES ({b}, {n}, 3, 1, {n});
INSERT INTO waitlist_entries (id, business_id, shop_id, customer_id, first_day, last_day, created_by)
    VALUES ({n}, {b}, {shop}, {customer}, '2026-03-09', '2026-03-20', {user});
INSERT INTO waitlist_services (business_id, entry_id, position, service_id) VALUES ({b}, {n}, 1, {service});
INSERT INTO waitlist_offers (business_id, entry_id, stylist_id, starts_at, ends_at, hold_key, until, offered_by, at)
    VALUES ({b}, {n}, {stylist}, '2026-03-12 10:00Z', '2026-03-12 11:00Z', gen_random_uuid(), '2026-03-09 10:10Z',
            {user}, '2026-03-09 10:00Z');
INSERT INTO walk_ins (id, business_id, shop_id, customer_id, service_id, joined_at)
    VALUES ({n}, {b}, {shop}, {customer}, {service}, '2026-03-09 10:00Z');
INSERT INTO turns (business_id, shop_id, day, stylist_id, walk_in_id, weight, at, user_id)
    VALUES ({b}, {shop}, '2026-03-09', {stylist}, {n}, 1, '2026-03-09 10:00Z', {user});
INSERT INTO booking_actions (business_id, shop_id, user_id, appointment_id, kind, before, after, at)
    SELECT {b}, {shop}, id, {n}, 'confirmed', '{{}}', '{{}}', '2026-03-09 09:00Z' FROM users WHERE business_id = {b};
INSERT INTO appointment_cancellations (business_id, shop_id, appointment_id, customer_id, service_id, stylist_id,
                                       for_day, cancelled_on, reason_id, cancelled_by)
    VALUES ({b}, {shop}, {n}, {customer}, {service}, {stylist}, '2026-03-09', '2026-03-08', {reason}, 'Ria');

INSERT INTO suppliers (id, business_id, name) VALUES ({n}, {b}, 'Wella');
INSERT INTO product_families (id, business_id, name) VALUES ({n}, {b}, 'Repair shampoo');
INSERT INTO products (id, business_id, code, name, price, supplier_id, family_id, variant)
    VALUES ({n} + 50, {b}, 'REP', 'Repair shampoo 250 ml', 18, {n}, {n}, '250 ml');
INSERT INTO stock_locations (id, business_id, shop_id, name) VALUES ({n}, {b}, {shop}, 'Store room');
INSERT INTO stock_levels (business_id, shop_id, product_id, low_at, order_to) VALUES ({b}, {shop}, {product}, 2, 6);
INSERT INTO purchase_orders (id, business_id, shop_id, supplier_id, ordered_at, ordered_by)
    VALUES ({n}, {b}, {shop}, {n}, '2026-03-09 09:00Z', {user});
INSERT INTO purchase_order_lines (id, business_id, order_id, product_id, quantity) VALUES ({n}, {b}, {n}, {product}, 6);
INSERT INTO product_wishes (business_id, customer_id, product_id, wished_at, wished_by)
    VALUES ({b}, {customer}, {product}, '2026-03-09 10:00Z', {user});
INSERT INTO stock_moves (business_id, shop_id, product_id, location_id, kind, quantity, order_line_id, day, at, user_id)
    VALUES ({b}, {shop}, {product}, {n}, 'received', 6, {n}, '2026-03-09', '2026-03-09 10:00Z', {user});
INSERT INTO price_classes (business_id, name, percent) VALUES ({b}, 'Staff', 50);
INSERT INTO drawers (id, business_id, shop_id, name)
    VALUES ({n}, {b}, {shop}, 'Drawer 1'), ({n} + 1, {b}, {shop}, 'Drawer 2');
INSERT INTO z_numbers (shop_id, business_id, last_number) VALUES ({shop}, {b}, 1);
INSERT INTO z_reports (id, business_id, shop_id, number, day, sales_after, sales_until, closed_at, closed_by,
                       totals, sheet)
    VALUES ({n}, {b}, {shop}, 1, '2026-03-07', 0, 0, '2026-03-07 18:00Z', {user}, '{{}}', 'Z 1');
SET CONSTRAINTS z_reports_follow IMMEDIATE;
INSERT INTO drawer_sessions (id, business_id, shop_id, drawer_id, opening_float, opened_on, opened_at, opened_by)
    VALUES ({n}, {b}, {shop}, {n}, 100, '2026-03-09', '2026-03-09 09:00Z', {user});
INSERT INTO drawer_moves (business_id, shop_id, session_id, kind, amount, reason, day, at, moved_by)
    VALUES ({b}, {shop}, {n}, 'pay_in', 5, 'Change', '2026-03-09', '2026-03-09 09:30Z', {user});
INSERT INTO drawer_counts (business_id, session_id, kind, pieces, total, expected, at, counted_by)
    VALUES ({b}, {n}, 'opening', '{{"20.00": 5}}', 100, 100, '2026-03-09 09:00Z', {user});

INSERT INTO sale_numbers (shop_id, business_id, last_number) VALUES ({shop}, {b}, 1);
INSERT INTO sales (id, business_id, shop_id, customer_id, day, closed_at, cashier_id, currency, subtotal, tax, total,
                   tip)
    VALUES ({n}, {b}, {shop}, {customer}, '2026-03-09', '2026-03-09 11:00Z', {user}, 'GBP', 50, 8.33, 50, 5);
INSERT INTO sale_lines (id, business_id, sale_id, position, kind, appointment_service_id, service_id, stylist_id,
                        customer_id, name, quantity, unit_price, gross, taxable, tax, total)
    VALUES ({n}, {b}, {n}, 1, 'service', {n} + 1, {service}, {stylist}, {customer}, 'Cut', 1, 50, 50, 41.67, 8.33, 50);
INSERT INTO sale_line_taxes (business_id, sale_line_id, tax_id, name, percent, inclusive, taxable, amount)
    VALUES ({b}, {n}, {tax}, 'VAT', 20, true, 41.67, 8.33);
INSERT INTO payments (business_id, sale_id, position, method, amount, tendered, taken_at)
    VALUES ({b}, {n}, 1, 'cash', 55, 55, '2026-03-09 11:00Z');
INSERT INTO tips (business_id, sale_id, stylist_id, amount) VALUES ({b}, {n}, {stylist}, 5);
INSERT INTO commission_tiers (business_id, rule_id, from_amount, percent)
    SELECT {b}, max(id), 0, 40 FROM commission_rules WHERE business_id = {b};
INSERT INTO commissions (business_id, sale_id, sale_line_id, stylist_id, day, for_day, base, percent, amount, rule_id,
                         currency)
    VALUES ({b}, {n}, {n}, {stylist}, '2026-03-09', '2026-03-09', 41.67, 40, 16.67, {rate}, 'GBP');
INSERT INTO guarantees (business_id, stylist_id, amount, currency) VALUES ({b}, {stylist}, 900, 'GBP');
INSERT INTO pay_periods (id, business_id, first_day, last_day) VALUES ({n}, {b}, '2026-03-01', '2026-03-31');
INSERT INTO statements (business_id, period_id, stylist_id, currency, commission, top_up, tips, total, contents, at)
    VALUES ({b}, {n}, {stylist}, 'GBP', 16.67, 883.33, 5, 905, '{{}}', '2026-04-01 09:00Z');
INSERT INTO tips_in_pay (business_id, period_id, stylist_id, currency, amount) VALUES ({b}, {n}, {stylist}, 'GBP', 5);
INSERT INTO tip_pools (id, business_id, shop_id, first_day, last_day, currency, total, at, made_by)
    VALUES ({n}, {b}, {shop}, '2026-03-09', '2026-03-09', 'GBP', 5, '2026-03-10 09:00Z', {user});
INSERT INTO tip_pool_shares (business_id, pool_id, stylist_id, minutes, amount) VALUES ({b}, {n}, {stylist}, 480, 5);
INSERT INTO pooled_tips (business_id, pool_id, tip_id)
    SELECT {b}, {n}, min(id) FROM tips WHERE business_id = {b};
INSERT INTO coupons (id, business_id, code, name, percent) VALUES ({n}, {b}, 'SPRING', 'Spring', 10);
INSERT INTO coupon_uses (business_id, shop_id, coupon_id, sale_id, customer_id, uses, at, user_id)
    VALUES ({b}, {shop}, {n}, {n}, {customer}, 1, '2026-03-09 11:00Z', {user});
INSERT INTO discount_limits (business_id, role, percent) VALUES ({b}, 'trainee', 10);
INSERT INTO parked_tickets (business_id, shop_id, customer_id, contents, due, currency, parked_at, parked_by)
    VALUES ({b}, {shop}, {customer}, '{{}}', 50, 'GBP', '2026-03-09 10:00Z', {user});
UPDATE sales SET number = 1, status = 'closed' WHERE id = {n};

INSERT INTO invoices (id, business_id, shop_id, number, kind, sale_id, issued_at, issued_by)
    VALUES ({n}, {b}, {shop}, 1, 'invoice', {n}, '2026-03-09 11:05Z', {user});
INSERT INTO invoice_versions (id, business_id, invoice_id, version, buyer_name, customer_id, contents, issued_at,
                              issued_by)
    VALUES ({n}, {b}, {n}, 1, 'Jane Doe', {customer}, '{{}}', '2026-03-09 11:05Z', {user});
INSERT INTO prints (id, business_id, shop_id, sale_id, document, channel, is_copy, asked_at, asked_by, done_at)
    VALUES ({n}, {b}, {shop}, {n}, 'receipt', 'printer', false, '2026-03-09 11:00Z', {user}, '2026-03-09 11:00Z');

INSERT INTO chores (business_id, shop_id, name, done_on, done_at)
    VALUES ({b}, {shop}, 'points', '2026-03-09', '2026-03-09 11:00Z');
INSERT INTO customers (id, business_id, first_name, last_name, sort_key) VALUES ({n} + 9, {b}, 'Lou', 'Low', 'low lou');
INSERT INTO prepayment_rules (business_id, kind, tax_point, forfeit, months)
    VALUES ({b}, 'gift_card', 'used', 'kept', 36);
INSERT INTO deposit_rules (business_id, service_id, percent) VALUES ({b}, {service}, 30);
INSERT INTO voucher_issuers (id, business_id, name, fee_percent) VALUES ({n}, {b}, 'City card', 5);
INSERT INTO prepayments (id, business_id, shop_id, kind, code, tax_point, forfeit, currency, issued_at, issued_by)
    VALUES ({n}, {b}, {shop}, 'gift_card', 'VALE' || {n}, 'used', 'kept', 'GBP', '2026-03-09 11:00Z', {user});
INSERT INTO prepayment_entries (business_id, prepayment_id, shop_id, kind, amount, sale_id, sale_line_id, day, at,
                                user_id)
    SELECT {b}, {n}, {shop}, 'received', 25, {n}, {n}, '2026-03-09', '2026-03-09 11:00Z', {user}
      FROM generate_series(1, 2);
INSERT INTO prepayment_entry_taxes (business_id, entry_id, tax_id, name, percent, inclusive, taxable, amount)
    SELECT {b}, min(id), {tax}, 'VAT', 20, true, 20.83, 4.17 FROM prepayment_entries WHERE business_id = {b};
INSERT INTO house_accounts (id, business_id, customer_id, limit_amount, currency, opened_at, opened_by)
    VALUES ({n}, {b}, {customer}, 100, 'GBP', '2026-03-09 11:00Z', {user});
INSERT INTO account_entries (business_id, account_id, shop_id, kind, amount, sale_id, day, at, user_id)
    VALUES ({b}, {n}, {shop}, 'owed', 20, {n}, '2026-03-09', '2026-03-09 11:00Z', {user});
INSERT INTO receivables (id, business_id, shop_id, kind, sale_id, payment_id, issuer_id, code, customer_id, currency)
    SELECT {n}, {b}, {shop}, 'voucher', {n}, min(id), {n}, 'CITY1', {customer}, 'GBP'
      FROM payments WHERE business_id = {b};
INSERT INTO receivable_entries (business_id, receivable_id, shop_id, kind, amount, sale_id, day, at, user_id)
    VALUES ({b}, {n}, {shop}, 'owed', 20, {n}, '2026-03-09', '2026-03-09 11:00Z', {user});

INSERT INTO packages (id, business_id, name, price, months) VALUES ({n}, {b}, 'Five cuts', 100, 12);
INSERT INTO package_services (business_id, package_id, service_id, sessions) VALUES ({b}, {n}, {service}, 5);
INSERT INTO customer_packages (id, business_id, shop_id, package_id, customer_id, sale_line_id, kind, name, price,
                               currency, first_day, last_day, created_by)
    VALUES ({n}, {b}, {shop}, {n}, {customer}, {n}, 'package', 'Five cuts', 100, 'GBP', '2026-03-09', '2027-03-08',
            {user});
INSERT INTO package_lots (id, business_id, customer_package_id, service_id, first_day, last_day)
    VALUES ({n}, {b}, {n}, {service}, '2026-03-09', '2027-03-08');
INSERT INTO package_entries (business_id, shop_id, lot_id, kind, sessions, value, customer_id, day, user_id)
    VALUES ({b}, {shop}, {n}, 'opened', 5, 100, {customer}, '2026-03-09', {user});
INSERT INTO package_sharers (business_id, customer_package_id, customer_id, user_id)
    VALUES ({b}, {n}, {customer}, {user});
INSERT INTO package_freezes (business_id, customer_package_id, first_day, until_day, reason, user_id)
    VALUES ({b}, {n}, '2026-06-01', '2026-07-01', 'Away', {user});
INSERT INTO loyalty_rules (business_id, valid_from, points_per_unit, point_value, months)
    VALUES ({b}, '2027-02-01', 1, 0.05, 12);
INSERT INTO loyalty_tiers (business_id, name, from_points, multiplier) VALUES ({b}, 'Gold', 500, 2);
INSERT INTO loyalty_entries (business_id, shop_id, customer_id, kind, points, day, user_id)
    VALUES ({b}, {shop}, {customer}, 'earned', 40, '2026-03-09', {user});
INSERT INTO customer_cards (id, business_id, customer_id, provider, token, brand, last4, expires_on, created_by)
    VALUES ({n}, {b}, {customer}, 'simulated', 'tok_1', 'Visa', '4242', '2028-08-31', {user});
INSERT INTO card_payments (id, business_id, shop_id, customer_card_id, provider, reference, amount, currency, status,
                           provider_charge, approval_code, asked_at, settled_at, user_id)
    VALUES ({n}, {b}, {shop}, {n}, 'simulated', gen_random_uuid(), 50, 'GBP', 'approved', 'ch_1', 'A1B2',
            '2026-03-09 10:59Z', '2026-03-09 11:00Z', {user});
INSERT INTO card_events (business_id, card_payment_id, provider, provider_event, kind, at, user_id)
    VALUES ({b}, {n}, 'simulated', 'ev_1', 'approved', '2026-03-09 11:00Z', {user});

INSERT INTO import_batches (id, business_id, shop_id, source, rows_read, rows_added, user_id)
    VALUES ({n}, {b}, {shop}, 'old till', 1, 1, {user});
INSERT INTO imported_rows (business_id, batch_id, source, kind, source_key, table_name, row_id)
    VALUES ({b}, {n}, 'old till', 'booking', '1', 'appointments', {n});
"""

OPEN_SALE = """
INSERT INTO payments (business_id, sale_id, position, method, amount, tendered, taken_at)
    VALUES ({b}, {n}, 9, 'imported', 0, 0, '2026-03-09 11:00Z');
INSERT INTO sales (id, business_id, shop_id, day, cashier_id, currency)
    VALUES ({n} + 1, {b}, {shop}, '2026-03-09', {user}, 'GBP');
INSERT INTO sale_lines (id, business_id, sale_id, position, kind, name, quantity, unit_price, gross, taxable, tax,
                        total)
    VALUES ({n} + 1, {b}, {n} + 1, 1, 'other', 'Comb', 1, 2, 2, 2, 0, 2);
INSERT INTO tips (business_id, sale_id, stylist_id, amount) VALUES ({b}, {n} + 1, {stylist}, 1);
INSERT INTO tip_pools (id, business_id, shop_id, first_day, last_day, currency, total, at, made_by)
    VALUES ({n} + 1, {b}, {shop}, '2026-03-10', '2026-03-10', 'GBP', 5, '2026-03-11 09:00Z', {user});
INSERT INTO sale_discounts (business_id, sale_id, sale_line_id, position, kind, amount)
    VALUES ({b}, {n}, {n}, 1, 'ticket', 1);
"""

# Numbers written by hand leave the sequences behind.
NUMBERS = """
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT attrelid::regclass AS name, pg_get_serial_sequence(attrelid::regclass::text, 'id') AS numbers
                   FROM pg_attribute WHERE attidentity <> '' LOOP
        EXECUTE format('SELECT setval(%L, greatest(max(id), 1)) FROM %s', found.numbers, found.name);
    END LOOP;
END $$
"""
