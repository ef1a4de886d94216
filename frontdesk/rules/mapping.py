"""The map of another system's export: which file and column says what, and how it writes days, times and amounts.

A map is a TOML file written by hand, so every mistake in it comes out as a sentence that names the key and shows what
would be right. `tests/maps/real-salon.toml` is one, with every key explained.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from frontdesk.errors import BadInput
from frontdesk.text import clean


class Kind(StrEnum):
    """What a row of an export is about."""

    SERVICE = "service"
    PRODUCT = "product"
    STAFF = "staff"
    CUSTOMER = "customer"
    BOOKING = "booking"
    NO_SHOW = "no-show"
    CANCELLATION = "cancellation"
    RECEIPT = "receipt"


SECTIONS = {
    "services": Kind.SERVICE, "products": Kind.PRODUCT, "customers": Kind.CUSTOMER, "bookings": Kind.BOOKING,
    "no_shows": Kind.NO_SHOW, "cancellations": Kind.CANCELLATION, "receipts": Kind.RECEIPT,
}  # fmt: skip
"""The map's sections that stand for a file each, in the order in which their rows are taken in."""

_NEEDED = {
    Kind.SERVICE: ("code",),
    Kind.PRODUCT: ("code", "price"),
    Kind.CUSTOMER: ("code",),
    Kind.BOOKING: ("customer", "staff", "service", "day", "time"),
    Kind.NO_SHOW: ("customer", "staff", "service", "day"),
    Kind.CANCELLATION: ("customer", "staff", "service", "day", "cancelled_on"),
    Kind.RECEIPT: ("number", "day", "description", "amount"),
}
_POSSIBLE = {
    Kind.SERVICE: ("name", "category", "price", "cost", "active"),
    Kind.PRODUCT: (
        "name",
        "brand",
        "supplier",
        "category",
        "barcode",
        "cost",
        "active",
        "on_hand",
        "low_at",
        "order_to",
    ),
    Kind.CUSTOMER: ("first_name", "last_name", "phone", "email"),
    Kind.CANCELLATION: ("cancelled_by",),
    Kind.RECEIPT: ("customer", "staff", "quantity"),
}
_ENCODINGS = ("utf-8", "cp1252")
_SAMPLE = dt.datetime(2018, 11, 23, 16, 50)  # noqa: DTZ001  a wall time that tells day from month and 12 hours from 24


@dataclass(frozen=True)
class FileMap:
    """One file of the export: what its rows are, and which column holds which field."""

    kind: Kind
    file: str
    columns: Mapping[str, str]
    """Field here to heading there."""


@dataclass(frozen=True)
class TaxMap:
    """A tax that stands in a column of its own, on top of the amount."""

    name: str
    percent: Decimal
    column: str
    charged: bool
    """Charged on new sales too, not only kept for the imported receipts."""


@dataclass(frozen=True)
class PackageMap:
    """What a bundle is as a package here."""

    service: str
    """Code of the service that each session pays for."""
    sessions: int


@dataclass(frozen=True)
class ImportMap:
    """How to read one system's export."""

    source: str
    """The other system's name. Rows are remembered under it: importing again adds only what is new."""
    encoding: str
    delimiter: str
    date_format: str
    time_format: str
    decimal: str
    group: str
    timezone: str | None
    currency: str | None
    no_staff: frozenset[str]
    """Staff codes that are not people."""
    no_customers: frozenset[str]
    """Client codes that are not people."""
    minutes: Mapping[str, int]
    """Service code to minutes of the stylist's time: exports rarely know."""
    files: tuple[FileMap, ...]
    taxes: tuple[TaxMap, ...]
    bundles: frozenset[str]
    """Codes of services that are sold ahead, several for the price of fewer."""
    negative_bundles: bool
    """Negative receipt lines redeem a bundle."""
    packages: Mapping[str, PackageMap]
    """Bundles that become packages of their customers, by code; the others are lines of receipts only."""

    @property
    def sample_day(self) -> str:
        """A day as the export writes it, for sentences."""
        return _SAMPLE.strftime(self.date_format)

    @property
    def sample_time(self) -> str:
        """A time as the export writes it, for sentences."""
        return _SAMPLE.strftime(self.time_format)

    def file_of(self, kind: Kind) -> FileMap | None:
        """The file whose rows are of a kind."""
        return next((file for file in self.files if file.kind is kind), None)


def read_map(text: str, file: str = "The map") -> ImportMap:
    """A map from its TOML. Raises BadInput, naming the key and what would be right."""
    try:
        top = _Table(tomllib.loads(text, parse_float=Decimal), file)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{file} is not TOML: {clean(str(error))}.", field="map_file") from None
    staff, customers, receipts = top.table("staff"), top.table("customers"), top.table("receipts")
    read = ImportMap(
        source=top.word("name", example='name = "old-till"'),
        encoding=top.choice("encoding", _ENCODINGS, "utf-8"),
        delimiter=top.choice("delimiter", (",", ";", "\t", "|"), ","),
        date_format=_format(top, "date", "%m/%d/%Y", ("%d", "%m"), _SAMPLE.date()),
        time_format=_format(top, "time", "%H:%M", ("%M",), _SAMPLE.time()),
        decimal=top.choice("decimal", (".", ","), "."),
        group=top.choice("group", (",", ".", " ", "'", ""), ""),
        timezone=top.word("timezone", default="") or None,
        currency=top.word("currency", default="") or None,
        no_staff=frozenset(staff.words("not_people")),
        no_customers=frozenset(customers.words("not_people")),
        minutes=_minutes(top.table("minutes")),
        taxes=tuple(_tax(each) for each in receipts.tables("taxes")),
        bundles=frozenset(receipts.words("bundles")),
        negative_bundles=receipts.choice("negative_lines", ("bundle", "as they are"), "as they are") == "bundle",
        packages=_packages(receipts.table("packages")),
        files=_files(top, customers, receipts),
    )
    staff.refuse_leftovers()
    top.refuse_leftovers()
    if strange := sorted(read.packages.keys() - read.bundles):
        raise BadInput(
            f'{file}, [receipts.packages]: {strange[0]} is no bundle. Write bundles = ["{strange[0]}"] too.',
            field="packages",
        )
    if read.decimal == read.group:
        raise BadInput(f"{file}: decimal and group can't both be {read.decimal!r}.", field="decimal")
    return read


def _files(top: _Table, customers: _Table, receipts: _Table) -> tuple[FileMap, ...]:
    # Both say what is kept of every line: the cent of each tax, and the one tender that stands for all.
    receipts.choice("rounding", ("line",), "line")
    receipts.choice("tender", ("imported",), "imported")
    taken = {"customers": customers, "receipts": receipts}
    files = []
    for name, kind in SECTIONS.items():
        section = taken.get(name) or top.table(name)
        if "file" in section.values:
            files.append(_file(section, kind))
        section.refuse_leftovers()
    if not files:
        raise BadInput(f"{top.path} names no file. Write a section like [bookings] with its file.", field="file")
    return tuple(files)


def _file(section: _Table, kind: Kind) -> FileMap:
    name = section.word("file")
    if name in (".", "..") or "/" in name or "\\" in name:
        raise BadInput(f'{section.path}.file is "{name}": write the file\'s bare name, without a folder.', field="file")
    columns = {field: section.word(field, example=f'{field} = "Heading"') for field in _NEEDED[kind]}
    columns |= {field: section.word(field) for field in _POSSIBLE.get(kind, ()) if field in section.values}
    return FileMap(kind, name, columns)


def _tax(table: _Table) -> TaxMap:
    percent = table.take("percent")
    if isinstance(percent, bool) or not isinstance(percent, int | Decimal) or not 0 <= percent <= 100:
        raise BadInput(f"{table.path}.percent has to be a number from 0 to 100, like 5 or 9.975.", field="percent")
    name = table.word("name", example='name = "GST"')
    column = table.word("column", example='column = "GST"')
    charged = table.take("charged")
    if charged not in (None, True, False):
        raise BadInput(f"{table.path}.charged has to be true or false.", field="charged")
    table.refuse_leftovers()
    return TaxMap(name, Decimal(percent), column, charged is True)


def _packages(table: _Table) -> dict[str, PackageMap]:
    found = {}
    for code in list(table.values):
        one = table.table(code)
        service = one.word("service", example='service = "BLOW"')
        sessions = one.take("sessions")
        if isinstance(sessions, bool) or not isinstance(sessions, int) or not 1 <= sessions <= 1000:
            raise BadInput(f"{one.path}.sessions has to be a whole number from 1 to 1000, like 6.", field="sessions")
        one.refuse_leftovers()
        found[clean(code)] = PackageMap(service, sessions)
    return found


def _minutes(table: _Table) -> dict[str, int]:
    for code, minutes in table.values.items():
        if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= 1440:
            raise BadInput(f'{table.path}."{code}" has to be whole minutes from 1 to 1440, like 45.', field=code)
    return {clean(code): int(minutes) for code, minutes in table.values.items()}


def _format(top: _Table, key: str, default: str, signs: tuple[str, ...], sample: dt.date | dt.time) -> str:
    given = top.word(key, default=default)
    try:
        there = dt.datetime.strptime(sample.strftime(given), given)  # noqa: DTZ007  wall time
    except ValueError:
        there = None
    if not all(sign in given for sign in signs) or there is None or sample not in (there.date(), there.time()):
        raise BadInput(
            f'{top.path}: {key} = "{given}" can\'t be read back. Write it in the signs of strptime, like "{default}".',
            field=key,
        )
    return given


class _Table:
    """A TOML table that is emptied as it is read, so that what is left is what nobody understands."""

    def __init__(self, values: Mapping[str, Any], path: str) -> None:
        self.values = dict(values)
        self.path = path

    def take(self, key: str) -> Any:  # noqa: ANN401  whatever TOML holds
        return self.values.pop(key, None)

    def word(self, key: str, *, default: str | None = None, example: str = "") -> str:
        found = self.take(key)
        if found is None and default is not None:
            return default
        if not isinstance(found, str) or not clean(found):
            shown = example or f'{key} = "…"'
            raise BadInput(f"{self.path} needs a text for {key}. Write {shown}.", field=key)
        return clean(found)

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        found = self.values.pop(key, default)
        if found not in allowed:
            known = ", ".join(repr(each) for each in allowed)
            raise BadInput(f"{self.path}: {key} can be {known}, not {found!r}.", field=key)
        return str(found)

    def words(self, key: str) -> list[str]:
        found = self.values.pop(key, [])
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise BadInput(f'{self.path}: {key} has to be a list of texts, like ["HOUSE"].', field=key)
        return [clean(each) for each in found]

    def table(self, key: str) -> _Table:
        found = self.values.pop(key, {})
        if not isinstance(found, dict):
            raise BadInput(f"{self.path}: {key} has to be a section. Write [{key}] on a line of its own.", field=key)
        return _Table(found, f"{self.path}, [{key}]")

    def tables(self, key: str) -> list[_Table]:
        found = self.values.pop(key, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise BadInput(f"{self.path}: write each of {key} as [[receipts.{key}]].", field=key)
        return [_Table(each, f"{self.path}, {key} {n}") for n, each in enumerate(found, start=1)]

    def refuse_leftovers(self) -> None:
        if self.values:
            unknown = ", ".join(clean(key) for key in self.values)
            raise BadInput(f"{self.path} says {unknown}, which means nothing here. Check the spelling.", field=unknown)
