"""Planned rows, one kind per table: its columns, with numbers that count from 1 within the plan.

The writer gives the plan's numbers real ones, and adds the business and the shop. A column that is not here is the
database's to fill. The plan knows stylists by the number of their strip: resource 1 is stylist 1, rooms come after.
"""

from __future__ import annotations

from frontdesk.services.seeding.rows.book import (
    Cancellation,
    Customer,
    CustomerToken,
    Line,
    Part,
    Slot,
    Step,
    Strip,
    Visit,
)
from frontdesk.services.seeding.rows.house import (
    Block,
    Break,
    BusinessHours,
    CancelReason,
    Category,
    Closure,
    DatedShift,
    Product,
    Rate,
    Resource,
    Service,
    ServicePart,
    Specialty,
    Stylist,
    Tax,
    TimeOff,
    User,
    WeeklyShift,
)
from frontdesk.services.seeding.rows.till import (
    Commission,
    Payment,
    Sale,
    SaleLine,
    SaleLineTax,
    Tip,
)

__all__ = [
    "Block",
    "Break",
    "BusinessHours",
    "CancelReason",
    "Cancellation",
    "Category",
    "Closure",
    "Commission",
    "Customer",
    "CustomerToken",
    "DatedShift",
    "Line",
    "Part",
    "Payment",
    "Product",
    "Rate",
    "Resource",
    "Sale",
    "SaleLine",
    "SaleLineTax",
    "Service",
    "ServicePart",
    "Slot",
    "Specialty",
    "Step",
    "Strip",
    "Stylist",
    "Tax",
    "TimeOff",
    "Tip",
    "User",
    "Visit",
    "WeeklyShift",
]
