"""A small export of an invented shop, written into a folder, for tests that change a line of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from frontdesk.desk import Desk
from frontdesk.errors import BadInput
from frontdesk.services.importing import ImportPlan, ImportReport, PlanImport, RunImport, plan_import, run_import

MAP = """
name = "old till"
date = "%d/%m/%Y"
time = "%H:%M"
[staff]
not_people = ["HOUSE"]
[customers]
not_people = ["WALK_IN"]
[minutes]
CUT = 45
TRIM = 15
BUNDLE = 10
[services]
file = "services.csv"
code = "Code"
name = "Name"
price = "Price"
[products]
file = "products.csv"
code = "Code"
name = "Name"
price = "Price"
[bookings]
file = "book.csv"
customer = "Client"
staff = "Staff"
service = "Service"
day = "Date"
time = "Time"
[no_shows]
file = "missed.csv"
customer = "Client"
staff = "Staff"
service = "Service"
day = "Date"
[cancellations]
file = "cancelled.csv"
customer = "Client"
staff = "Staff"
service = "Service"
day = "For"
cancelled_on = "On"
cancelled_by = "By"
[receipts]
file = "till.csv"
number = "No"
day = "Date"
description = "What"
customer = "Client"
staff = "Staff"
quantity = "Qty"
amount = "Amount"
bundles = ["BUNDLE"]
negative_lines = "bundle"
[[receipts.taxes]]
name = "GST"
percent = 5
column = "GST"
"""

FILES = {
    "services.csv": ["Code,Name,Price", "CUT,Cut,50", "TRIM,Fringe trim,0", "BUNDLE,Six cuts,240"],
    "products.csv": ["Code,Name,Price", "OIL,Argan oil,19.5"],
    "book.csv": [
        "Client,Staff,Service,Date,Time",
        "AMY01,ZOE,CUT,03/03/2026,10:00",
        "AMY01,MAX,TRIM,03/03/2026,10:45",
        "BEA01,ZOE,CUT,03/03/2026,11:00",
    ],
    "missed.csv": ["Client,Staff,Service,Date"],
    "cancelled.csv": ["Client,Staff,Service,For,On,By"],
    "till.csv": [
        "No,Date,What,Client,Staff,Qty,Amount,GST",
        "7,03/03/2026,Cut,AMY01,ZOE,1,48.5,2.425",
        "7,03/03/2026,Fringe trim,AMY01,MAX,1,12,0.6",
        "8,03/03/2026,Argan oil,WALK_IN,HOUSE,2,39,1.95",
    ],
}


@dataclass
class Folder:
    """The export's files on the disk."""

    path: Path

    @property
    def map_file(self) -> Path:
        """Beside the files."""
        return self.path / "old.toml"

    def add(self, file: str, *lines: str) -> None:
        """More rows, as a later export has them."""
        with (self.path / file).open("a", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)

    def edit(self, file: str, old: str, new: str) -> None:
        """Write a piece of a file otherwise."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert old in text
        (self.path / file).write_text(text.replace(old, new), encoding="utf-8")

    def plan(self, desk: Desk) -> ImportPlan:
        """A dry run."""
        return plan_import(desk, PlanImport(folder=self.path, map_file=self.map_file))

    def run(self, desk: Desk) -> ImportReport:
        """The import."""
        return run_import(desk, RunImport(folder=self.path, map_file=self.map_file))

    def refusal(self, desk: Desk) -> str:
        """Why the import is refused."""
        try:
            self.run(desk)
        except BadInput as refusal:
            return refusal.sentence
        raise AssertionError("it was not refused")


def written(path: Path) -> Folder:
    """The small export in a folder."""
    (path / "old.toml").write_text(MAP, encoding="utf-8")
    for file, lines in FILES.items():
        (path / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Folder(path)
