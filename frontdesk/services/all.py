"""Imports every service, so that the registry of use-cases is complete (features AD13)."""

from __future__ import annotations

from frontdesk.services import importing, presets
from frontdesk.services.book import (
    adding,
    arrivals,
    booking,
    cancel_reasons,
    changing,
    fees,
    groups,
    holds,
    late_customers,
    policies,
    reassigning,
    reshuffling,
    swapping,
    visit_notes,
    visits,
)
from frontdesk.services.cards import card_backs, card_charges, card_payments, customer_cards
from frontdesk.services.classes import classes
from frontdesk.services.customers import customer_search, customers
from frontdesk.services.drawers import checklist, closing, drawer_counts, drawer_moves, drawers
from frontdesk.services.menu import addons, catalogue, categories, levels, menu, own_terms
from frontdesk.services.packages import package_changes, package_report, packages
from frontdesk.services.papers import invoices, outbox, printing, receipts
from frontdesk.services.pay import commission, pay, tip_sheet, tips
from frontdesk.services.people import people
from frontdesk.services.phrases import phrases
from frontdesk.services.placing import accommodations, availability
from frontdesk.services.points import loyalty
from frontdesk.services.prepaid import credit, deposits, gift_cards, house_accounts, prepaid_rules, transfers, vouchers
from frontdesk.services.records import changes, doctor, history, notices, upkeep
from frontdesk.services.reports import balances, journal, liabilities, printed_day, reports, today
from frontdesk.services.search import visit_search, why
from frontdesk.services.series import series
from frontdesk.services.sheets import as_of, day, month, stylist_week
from frontdesk.services.shop import shop_rules, shops, taxes
from frontdesk.services.stock import ordering, product_wishes, products, stock, stock_places, suppliers
from frontdesk.services.team import roster, shop_hours, stylists, week
from frontdesk.services.ticket import coupons, price_classes, till_rules
from frontdesk.services.till import (
    checkout,
    correcting,
    discounts,
    parked,
    reckoning,
    refunding,
    sale_reasons,
    ticket,
    voiding,
)
from frontdesk.services.undo import undo
from frontdesk.services.use_case import USE_CASES
from frontdesk.services.waiting import board, fitting, gaps, offers, rebooking, turns, waitlist, walk_ins

__all__ = [
    "USE_CASES",
    "accommodations",
    "adding",
    "addons",
    "arrivals",
    "as_of",
    "availability",
    "balances",
    "board",
    "booking",
    "cancel_reasons",
    "card_backs",
    "card_charges",
    "card_payments",
    "catalogue",
    "categories",
    "changes",
    "changing",
    "checklist",
    "checkout",
    "classes",
    "closing",
    "commission",
    "correcting",
    "coupons",
    "credit",
    "customer_cards",
    "customer_search",
    "customers",
    "day",
    "deposits",
    "discounts",
    "doctor",
    "drawer_counts",
    "drawer_moves",
    "drawers",
    "fees",
    "fitting",
    "gaps",
    "gift_cards",
    "groups",
    "history",
    "holds",
    "house_accounts",
    "importing",
    "invoices",
    "journal",
    "late_customers",
    "levels",
    "liabilities",
    "loyalty",
    "menu",
    "month",
    "notices",
    "offers",
    "ordering",
    "outbox",
    "own_terms",
    "package_changes",
    "package_report",
    "packages",
    "parked",
    "pay",
    "people",
    "phrases",
    "policies",
    "prepaid_rules",
    "presets",
    "price_classes",
    "printed_day",
    "printing",
    "product_wishes",
    "products",
    "reassigning",
    "rebooking",
    "receipts",
    "reckoning",
    "refunding",
    "reports",
    "reshuffling",
    "roster",
    "sale_reasons",
    "series",
    "shop_hours",
    "shop_rules",
    "shops",
    "stock",
    "stock_places",
    "stylist_week",
    "stylists",
    "suppliers",
    "swapping",
    "taxes",
    "ticket",
    "till_rules",
    "tip_sheet",
    "tips",
    "today",
    "transfers",
    "turns",
    "undo",
    "upkeep",
    "visit_notes",
    "visit_search",
    "visits",
    "voiding",
    "vouchers",
    "waitlist",
    "walk_ins",
    "week",
    "why",
]
