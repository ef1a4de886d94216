"""A whole visit in words, for the sheet that enter opens."""

from __future__ import annotations

from textual.content import Content

from frontdesk.clock import local
from frontdesk.desk import Desk
from frontdesk.money import plain
from frontdesk.rules.states import Status
from frontdesk.screens.calendar.grid import Spot
from frontdesk.services.book.visits import VisitLine, VisitSheet
from frontdesk.text import fit, harmless


def visit_in_words(visit: VisitSheet, desk: Desk, private: bool) -> Content:
    """When, what, with whom, what is noted, and what happened to it."""
    zone, currency = desk.shop.timezone, desk.shop.currency
    begins, ends = local(visit.starts_at, zone), local(visit.ends_at, zone)
    said = [Content(f"{begins:%A %-d %B %Y}  {begins:%H:%M}–{ends:%H:%M}   {visit.status.words}")]
    if visit.phone and not private:
        said.append(Content.styled(harmless(visit.phone), "$fd-muted"))
    if visit.arrived:
        said.append(Content.styled(f"arrived {visit.arrived}", "$fd-muted"))
    if visit.deposit_asked or visit.deposit_paid:
        paid, asked = plain(visit.deposit_paid, currency), plain(visit.deposit_asked, currency)
        awaited = ", its transfer has not arrived" if visit.deposit_waits else ""
        tone = "$fd-muted" if visit.deposit_paid >= visit.deposit_asked and not awaited else "$fd-amber"
        said.append(Content.styled(f"deposit {paid}{f' of {asked}' if visit.deposit_asked else ''}{awaited}", tone))
    said.append(Content(""))
    for line in visit.lines:
        span = f"{local(line.starts_at, zone):%H:%M}–{local(line.ends_at, zone):%H:%M}"
        who = fit(harmless(line.stylist or "nobody yet"), 10)
        paid = "  paid" if line.paid else ""
        said.append(
            Content(
                f"{span}  {fit(harmless(line.service), 20)}  {who}  {fit(line.status.words, 14)}"
                f"  {plain(line.price, currency):>9}{paid}"
            )
        )
        if line.started_at is not None:
            said.append(Content.styled(f"             {_took(line)}", "$fd-muted"))
        if line.overbook_reason:
            said.append(Content.styled(f"             overbooked: {harmless(line.overbook_reason)}", "$fd-amber"))
    if visit.notes and not private:
        said += [Content(""), *(Content(harmless(note)) for note in visit.notes.splitlines())]
    said.append(Content(""))
    told = ""
    for step in visit.steps:
        reason = f"  ({harmless(step.reason)})" if step.reason and not private else ""
        before, told = told, f"{local(step.at, zone):%a %-d %b %H:%M}  {harmless(step.who)}  {step.what}{reason}"
        if told != before:  # each line of the visit took the step
            said.append(Content.styled(told, "$fd-muted"))
    return Content("\n").join(said)


def _took(line: VisitLine) -> str:
    """`38 of 30 min in the chair, 40 of 45 processing`: what each part took of what was planned (features SV1)."""
    parts = [
        f"{'–' if one.actual is None else one.actual} of {one.planned} min"
        f" {'processing' if one.status is Status.PROCESSING else 'in the chair'}"
        for one in line.served
    ]
    return ", ".join(parts)


def thing_in_words(spot: Spot, timezone: str) -> tuple[str, ...]:
    """Who has a room, a chair or a machine at a moment, or until when it is free."""
    name, at = spot.column.name, spot.at
    for entry in spot.column.entries:
        if entry.starts_at <= at < entry.ends_at:
            span = f"{local(entry.starts_at, timezone):%H:%M}–{local(entry.ends_at, timezone):%H:%M}"
            return (f"{name} is taken {span} by {entry.customer}, {entry.service} with {entry.hands}.",)
    for start, end in spot.column.free:
        if start <= at < end:
            return (f"{name} is free until {local(end, timezone):%H:%M}. It is chosen by what is booked.",)
    following = min((start for start, _ in spot.column.free if start > at), default=None)
    after = f" Free next: {local(following, timezone):%H:%M}." if following else ""
    block = next((one for one in spot.column.blocks if one.starts_at <= at < one.ends_at), None)
    return (f"{name} can't be used at {local(at, timezone):%H:%M}: {block.reason if block else 'shut'}.{after}",)
