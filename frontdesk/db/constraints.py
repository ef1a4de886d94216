"""What a broken constraint means at the desk: names of the schema on the left, refusals on the right."""

from __future__ import annotations

import psycopg

from frontdesk import errors
from frontdesk.errors import Refusal

_MEANING: dict[str, type[Refusal]] = {
    "time_slots_no_overlap": errors.SlotTaken,
    "appointments_customer_no_overlap": errors.CustomerElsewhere,
    "users_login_key": errors.LoginTaken,
    "user_secrets_password_by_password": errors.PasswordNeeded,
    "terminals_name_key": errors.NameTaken,
    "shops_name_key": errors.NameTaken,
    "businesses_code_key": errors.NameTaken,
    "services_code_key": errors.NameTaken,
    "service_categories_name_key": errors.NameTaken,
    "products_code_key": errors.NameTaken,
    "products_barcode_key": errors.NameTaken,
    "resources_name_key": errors.NameTaken,
    "cancel_reasons_name_key": errors.NameTaken,
    "taxes_name_key": errors.NameTaken,
    "customers_code_key": errors.NameTaken,
    "stylists_code_key": errors.NameTaken,
    "sale_lines_visit_line_key": errors.AlreadyPaid,
    "sales_closed_is_kept": errors.SaleClosed,
    "stock_moves_covered": errors.NotOnShelf,
    "product_wishes_open_key": errors.WishOpen,
    "product_wishes_no_card_numbers": errors.CardNumberTyped,
    "suppliers_name_key": errors.NameTaken,
    "stock_locations_name_key": errors.NameTaken,
    "product_families_name_key": errors.NameTaken,
    "products_variant_key": errors.NameTaken,
    "packages_name_key": errors.NameTaken,
    "loyalty_tiers_name_key": errors.NameTaken,
    "package_entries_not_overdrawn": errors.PackageUsedUp,
    "package_entries_pay_their_lines": errors.SessionsGoWhole,
    "package_freezes_no_overlap": errors.PackageFrozenThen,
    "loyalty_entries_not_overdrawn": errors.PointsUsedUp,
    "payments_card_payment_key": errors.CardPaymentUsed,
    "payments_card_payment_approved": errors.CardPaymentUnfit,
    "card_payments_refund_what_was_taken": errors.CardRefundTooMuch,
    "customer_cards_token_key": errors.NameTaken,
    "customer_cards_no_numbers": errors.CardNumberTyped,
    "card_payments_no_numbers": errors.CardNumberTyped,
    "card_events_no_numbers": errors.CardNumberTyped,
    "payments_no_card_numbers": errors.CardNumberTyped,
    "customers_no_card_numbers": errors.CardNumberTyped,
    "appointments_no_card_numbers": errors.CardNumberTyped,
    "customer_alerts_no_card_numbers": errors.CardNumberTyped,
    "prepayment_entries_covered": errors.SpentMeanwhile,
    "prepayments_code_key": errors.NameTaken,
    "account_entries_within_limit": errors.AccountFull,
    "account_entries_covered": errors.NotOwed,
    "receivables_code_key": errors.VoucherUsed,
    "receivable_entries_covered": errors.NotToCome,
    "voucher_issuers_name_key": errors.NameTaken,
    "commissions_paid_are_kept": errors.PayClosed,
    "pay_periods_closed_are_kept": errors.PayClosed,
    "statements_closed_are_kept": errors.PayClosed,
    "tips_paid_are_kept": errors.TipsPaid,
    "tip_pools_paid_are_kept": errors.TipsPaid,
    "tips_pooled_are_kept": errors.TipsPooled,
    "pooled_tips_key": errors.TipsPooled,
    "pay_periods_no_overlap": errors.PeriodsOverlap,
    "pay_periods_earned_in_are_kept": errors.EarnedInPeriod,
    "commission_rules_key": errors.RuleTaken,
    "commission_rules_used_are_kept": errors.RuleUsed,
    "price_classes_name_key": errors.NameTaken,
    "coupons_code_key": errors.NameTaken,
    "coupons_used_up": errors.CouponUsedUp,
    "coupons_used_by_customer": errors.CouponUsedByCustomer,
    "sales_at_open_drawer": errors.DrawerClosedMeanwhile,
    "sales_voids_before_close": errors.VoidAfterClose,
    "drawer_moves_at_open_drawer": errors.DrawerClosedMeanwhile,
    "drawer_sessions_open_key": errors.DrawerOpenAlready,
    "drawer_sessions_closed_is_kept": errors.DrawerClosedMeanwhile,
    "drawer_sessions_expected_is_the_sum": errors.CountAgain,
    "drawers_name_key": errors.NameTaken,
    "z_reports_drawers_counted": errors.DrawersNotCounted,
    "sales_give_back_what_was_paid": errors.MoreThanWasPaid,
    "sale_lines_give_back_what_was_paid": errors.MoreThanWasPaid,
    "payments_give_back_what_was_paid": errors.MoreThanWasPaid,
    "sales_void_key": errors.MoreThanWasPaid,
}


def refusal_of(error: psycopg.Error) -> Refusal | None:
    """The refusal that belongs to the constraint an error names, or None."""
    meaning = _MEANING.get(error.diag.constraint_name or "")
    return meaning() if meaning else None


def names() -> frozenset[str]:
    """Every constraint that has a meaning; a test looks for them in the catalogue."""
    return frozenset(_MEANING)
