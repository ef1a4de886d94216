"""frontdesk do: any use-case by its name, asked in JSON and answered in JSON (features AD13, N9)."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import asked, key_option, shop_option
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import show, table

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from frontdesk.services.use_case import UseCase


@click.command(params=[shop_option(), key_option()])
@click.argument("name", required=False)
@click.option("--json", "request", metavar="REQUEST", help="The request as JSON, or - to read it from stdin.")
@click.option("--schema", is_flag=True, help="Print the JSON schemas of the request and the answer.")
def do(name: str | None, request: str | None, schema: bool) -> None:
    """Run any request by its name: do booking.book --json '{"customer_id": 1, …}'.

    Without a name, all there are. Instants carry their zone: 2026-03-10T15:00:00+00:00. A request without a
    request_id gets the --key, or a new one.
    """
    if name is None:
        _list()
        return
    chosen = _chosen(name)
    asked().json = True
    if schema:
        _show_schemas(chosen)
        return
    wish = _read(chosen, sys.stdin.read() if request == "-" else request or "{}")
    with open_desk() as desk:
        answer = chosen.run(desk, wish)
    click.echo(_dumped(chosen.answer, answer))


def _list() -> None:
    from frontdesk.services.all import USE_CASES

    known = sorted(USE_CASES.values(), key=lambda case: case.name)
    listed = tuple({"name": c.name, "summary": _summary(c), "deed": c.deed.value, "writes": c.writes} for c in known)
    show(asked(), listed, lambda: [table(("Name", "What it does"), [(c.name, _summary(c)) for c in known])])


def _summary(case: UseCase) -> str:
    """What it does, without the refusals that its own page names."""
    return case.summary.split(" Raises ")[0]


def _chosen(name: str) -> UseCase:
    from difflib import get_close_matches

    from frontdesk.services.all import USE_CASES

    if name in USE_CASES:
        return USE_CASES[name]
    near = get_close_matches(name, list(USE_CASES), n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(near)}?" if near else " frontdesk do lists them all."
    raise click.UsageError(f"There is no request {name!r}.{meant}")


def _show_schemas(chosen: UseCase) -> None:
    from pydantic import TypeAdapter

    schemas = {
        "name": chosen.name,
        "summary": chosen.summary,
        "request": TypeAdapter(chosen.request).json_schema(mode="validation"),
        "answer": TypeAdapter(chosen.answer).json_schema(mode="serialization"),
    }
    click.echo(json.dumps(schemas, indent=2, ensure_ascii=False).encode())


def _read(chosen: UseCase, given: str) -> Any:  # noqa: ANN401  any use-case's request
    """The request, or usage with a sentence for every field that is wrong."""
    from pydantic import TypeAdapter, ValidationError

    try:
        typed = json.loads(given)
    except json.JSONDecodeError as error:
        raise click.UsageError(f"The request is not JSON: {error.msg} at character {error.pos}.") from None
    if not isinstance(typed, dict):
        raise click.UsageError('The request has to be a JSON object, like {"day": "2026-03-10"}.')
    if chosen.writes and "request_id" not in typed:
        typed["request_id"] = str(asked().once()["request_id"])
    adapter: TypeAdapter[Any] = TypeAdapter(chosen.request)
    try:
        wish = adapter.validate_json(json.dumps(typed))
    except ValidationError as error:
        raise click.UsageError(_sentences(_said(one) for one in error.errors())) from None
    known = adapter.dump_python(wish, mode="json")
    wrong = [*_unknown(typed, known), *_without_zone(wish)]
    if wrong:
        raise click.UsageError(_sentences(wrong))
    if chosen.writes:
        asked().sent = wish.request_id
    return wish


def _dumped(type_: Any, answer: object) -> bytes:  # noqa: ANN401  any use-case's answer
    from pydantic import TypeAdapter

    return TypeAdapter(type_).dump_json(answer, indent=2 if sys.stdout.isatty() else None)


def _sentences(found: Iterator[str] | list[str]) -> str:
    return "\n".join(found)


def _said(error: ErrorDetails) -> str:
    where = ".".join(str(step) for step in error["loc"])
    if error["type"] == "missing":
        return f"{where} is missing."
    words = error["msg"].replace("Input should be", "has to be")
    return f"{where}: {words[:1].lower()}{words[1:]}."


def _unknown(given: object, known: object, where: str = "") -> Iterator[str]:
    """Names in the request that mean nothing: read silently, a mistyped one would be a wish left out."""
    if isinstance(given, dict) and isinstance(known, dict):
        for name, value in given.items():
            if name not in known:
                yield f"{where}{name} is not known here; known are {', '.join(map(str, known))}."
            else:
                yield from _unknown(value, known[name], f"{where}{name}.")
    elif isinstance(given, list) and isinstance(known, list):
        for place, (one, other) in enumerate(zip(given, known, strict=False)):
            yield from _unknown(one, other, f"{where}{place}.")


def _without_zone(wish: object, where: str = "") -> Iterator[str]:
    if isinstance(wish, dt.datetime) and wish.tzinfo is None:
        yield f"{where.rstrip('.')} needs its zone: {wish.isoformat()}+00:00, or with Z behind it."
    elif isinstance(wish, tuple | list):
        for place, one in enumerate(wish):
            yield from _without_zone(one, f"{where}{place}.")
    elif is_dataclass(wish) and not isinstance(wish, type):
        for field in fields(wish):
            yield from _without_zone(getattr(wish, field.name), f"{where}{field.name}.")
