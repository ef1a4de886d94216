"""The rooms of the admin screen in their order, and what they are about."""

from __future__ import annotations

from typing import Any

from frontdesk.screens.admin.backup import BackupRoom
from frontdesk.screens.admin.book_rules import BookRulesRoom, PoliciesRoom
from frontdesk.screens.admin.categories import CategoriesRoom
from frontdesk.screens.admin.coupons import CouponsRoom
from frontdesk.screens.admin.discounts import DiscountLimitsRoom, PriceClassesRoom
from frontdesk.screens.admin.house import ClosuresRoom, ShopRoom
from frontdesk.screens.admin.loyalty import PointsRoom, TiersRoom
from frontdesk.screens.admin.machine import HistoryRoom, SettingsRoom
from frontdesk.screens.admin.menu import ReasonsRoom, ServicesRoom
from frontdesk.screens.admin.packages import PackagesRoom
from frontdesk.screens.admin.people import PeopleRoom, TerminalsRoom
from frontdesk.screens.admin.prepaid import DepositRulesRoom, PrepaidRulesRoom
from frontdesk.screens.admin.room import Room
from frontdesk.screens.admin.shelf import ProductsRoom
from frontdesk.screens.admin.stock import StockRoom
from frontdesk.screens.admin.suppliers import SuppliersRoom
from frontdesk.screens.admin.tax import TaxesRoom
from frontdesk.screens.admin.till_rules import TillRulesRoom
from frontdesk.screens.admin.vouchers import VoucherIssuersRoom

SECTIONS: tuple[tuple[str, tuple[type[Room[Any]], ...]], ...] = (
    ("People", (
        PeopleRoom,
        TerminalsRoom,
    )),
    ("Menu", (
        ServicesRoom,
        CategoriesRoom,
        PackagesRoom,
        ProductsRoom,
        StockRoom,
        SuppliersRoom,
    )),
    ("Money", (
        TaxesRoom,
        TillRulesRoom,
        PriceClassesRoom,
        CouponsRoom,
        DiscountLimitsRoom,
        DepositRulesRoom,
        PoliciesRoom,
        PrepaidRulesRoom,
        VoucherIssuersRoom,
        PointsRoom,
        TiersRoom,
    )),
    ("Shop", (
        ShopRoom,
        ClosuresRoom,
        BookRulesRoom,
        ReasonsRoom,
    )),
    ("House", (
        SettingsRoom,
        HistoryRoom,
        BackupRoom,
    )),
)  # fmt: skip
"""The rooms by what they are about; a name stands before the first of each."""

ROOMS: tuple[type[Room[Any]], ...] = tuple(room for _, rooms in SECTIONS for room in rooms)
