"""What stands on a made-up shop's shelf. The numbers are shaped like barcodes of a range that is nobody's."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class OnShelf(NamedTuple):
    """A product before it has a number."""

    code: str
    name: str
    brand: str
    price: Decimal
    cost: Decimal


_SHELF = """
SHA250  Shampoo 250 ml               Vale       18.00  7.20
SHA1L   Shampoo 1 l                  Vale       42.00 16.00
CON250  Conditioner 250 ml           Vale       19.50  7.80
MASK    Repair mask 200 ml           Vale       26.00 10.40
OIL     Argan oil 50 ml              Vale       29.00 12.50
SPRAY   Hairspray 400 ml             Fixe       16.50  6.10
HEAT    Heat protection 150 ml       Fixe       17.00  6.60
CLAY    Matt clay 75 ml              Fixe       15.00  5.40
WAX     Beard wax 30 ml              Fixe       12.50  4.20
BOIL    Beard oil 30 ml              Fixe       14.00  5.10
COMB    Wide comb                    Kamm        8.00  2.30
BRUSH   Round brush 43 mm            Kamm       22.00  9.00
NAIL    Nail oil 10 ml               Lunel       9.50  3.10
HAND    Hand cream 75 ml             Lunel      11.00  3.90
FACE    Face cream 50 ml             Lunel      34.00 14.00
CAND    Candle                       Lunel      24.00 11.00
"""


def shelf() -> list[OnShelf]:
    """Everything on it."""
    found = []
    for row in _SHELF.strip().splitlines():
        code, name, brand, price, cost = row[:8], row[8:37], *row[37:].split()
        found.append(OnShelf(code.strip(), name.strip(), brand, Decimal(price), Decimal(cost)))
    return found


def barcode(place: int) -> str:
    """A number with a right check digit (EAN-13). Codes from 20 to 29 are for a shop's own use."""
    digits = f"20{place:010d}"
    weighed = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
    return f"{digits}{-weighed % 10}"
