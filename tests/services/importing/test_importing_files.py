"""The files of another system's export: what is malformed is named, and what is odd is only text."""

from __future__ import annotations

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.importing import Fate, RunImport, run_import
from tests.services.importing.exports import Folder
from tests.services.importing.imported import counts, entries, rows


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("book.csv", "BEA01,ZOE,CUT,03/03/2026", "BEA01,ZOE,CUT,31/02/2026",
         'book.csv, row 4, column Date: "31/02/2026" is not a day like 23/11/2018. Nothing was imported.'),
        ("book.csv", "ZOE,CUT", "ZOE,KUT",
         "book.csv, row 2, column Service: there is no service KUT, neither in the export nor in the catalogue."
         " 1 more like it: a dry run lists them. Nothing was imported."),
        ("till.csv", "48.5,", "48.5.0,",
         'till.csv, row 2, column Amount: "48.5.0" is not a number like 1234.50. Nothing was imported.'),
        ("till.csv", "7,03/03/2026,Fringe", "7,04/03/2026,Fringe",
         "till.csv, row 2, column Date: receipt 7 has more than one day. 1 more like it: a dry run lists them."),
        ("till.csv", "GST", "HST", 'till.csv, row 1 has no column "GST". It has No, Date, What, Client, Staff, Qty,'),
        ("till.csv", "Cut,AMY01", 'Cut,"AMY01', "till.csv, row 2: a quotation mark opens a cell and is not closed"),
        ("till.csv", "Cut,AMY01,", "Cut,", "till.csv, row 2: there are 7 cells, but 8 headings. Nothing was imported."),
        ("old.toml", "TRIM = 15\n", "",
         'book.csv, row 3, column Service: the map has no minutes for it. Write "TRIM" = 30 under [minutes].'),
        ("old.toml", "book.csv", "diary.csv", "diary.csv can't be read: No such file or directory."),
        ("old.toml", "[staff]", 'currency = "CAD"\n[staff]',
         "The map says that amounts are CAD, and Vale Street keeps GBP. Import into the right shop, or change"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_named_and_changes_nothing(
    ada: Desk, export: Folder, file: str, old: str, new: str, sentence: str
) -> None:
    before = counts(ada)
    export.edit(file, old, new)
    assert sentence in export.refusal(ada)
    assert counts(ada) == before


def test_the_dry_run_names_every_fault(ada: Desk, export: Folder) -> None:
    export.add("book.csv", "A,ZOE,KUT,03/03/2026,10:00", "A,ZOE,CUT,3 March,10:00", "A,ZOE,CUT,03/03/2026")
    plan = export.plan(ada)
    refused = [(row.row, row.why) for row in plan.rows if row.fate is Fate.REFUSED]
    assert refused == [
        (5, "Service: there is no service KUT, neither in the export nor in the catalogue."),
        (6, 'Date: "3 March" is not a day like 23/11/2018.'),
        (7, "there are 4 cells, but 5 headings."),
    ]


def test_a_folder_that_is_not_there_is_said(ada: Desk, export: Folder) -> None:
    missing = RunImport(folder=export.path / "nowhere", map_file=export.map_file)
    with pytest.raises(errors.BadInput, match="There is no folder"):
        run_import(ada, missing)


@pytest.mark.parametrize(("encoding", "said"), [("utf-8-sig", "utf-8"), ("cp1252", "cp1252")])
def test_what_windows_writes_is_read(ada: Desk, export: Folder, encoding: str, said: str) -> None:
    till = export.path / "till.csv"
    export.edit("till.csv", "Argan oil", "Huile d’été")
    till.write_bytes(till.read_text(encoding="utf-8").encode(encoding))
    export.edit("old.toml", "[staff]", f'encoding = "{said}"\n[staff]')
    export.run(ada)
    assert ("other", "Huile d’été") in rows(ada, "SELECT kind, name FROM sale_lines")


def test_the_wrong_encoding_is_named_by_row(ada: Desk, export: Folder) -> None:
    (export.path / "products.csv").write_bytes(b"Code,Name,Price\nOIL,Argan oil,5\nSHA,Cr\xe8me,5\n")
    assert export.refusal(ada).startswith("products.csv, row 3 holds a letter that is not utf-8.")


def test_names_that_want_to_be_more_are_only_names(ada: Desk, export: Folder) -> None:
    export.edit("services.csv", "Fringe trim", "[/b] \x1b[31mTrim\u202e")
    export.edit("till.csv", "Fringe trim", "[/b] \x1b[31mTrim\u202e")
    export.edit("products.csv", "Argan oil", "'; DROP TABLE sales; --")
    export.edit("till.csv", "Argan oil", "'; DROP TABLE sales; --")
    export.edit("book.csv", "BEA01", '"=1+1|{x}\u2066\n%s"')
    export.run(ada)
    assert ("MAX", "10:45", "AMY01", "[/b] [31mTrim", "d$") in entries(ada)
    assert ("ZOE", "11:00", "=1+1|{x} %s", "Cut", "d") in entries(ada)
    assert ("product", "'; DROP TABLE sales; --") in rows(ada, "SELECT kind, name FROM sale_lines")
    assert export.run(ada).rows_added == 0
