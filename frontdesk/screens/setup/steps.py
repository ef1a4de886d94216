"""The pages of setting up, in their order."""

from __future__ import annotations

from frontdesk.screens.setup.people_pages import LAST, PEOPLE, YOU
from frontdesk.screens.setup.shop_pages import BUSINESS, HOURS, PLACE
from frontdesk.screens.setup.tax_page import TAX

STEPS = (BUSINESS, PLACE, TAX, HOURS, YOU, PEOPLE, LAST)
