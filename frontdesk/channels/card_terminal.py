"""Card terminals behind one small interface: one whose slip a person reads, and a simulated one that is talked to.

A provider may be asked twice under the same reference and charges once; it may go silent after it has charged; and
what it has to say it may call back more than once. Whoever talks to it lives with all three.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, Protocol
from uuid import UUID

from frontdesk.errors import BadInput, Refusal

Outcome = Literal["approved", "declined"]


class ChargeByHand(Refusal):
    """The card terminal here is not connected. Charge the card on it, then type the approval code that it shows."""


class TerminalSilent(Exception):
    """The provider does not answer: whether it has charged is not known."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider is asked for, under a reference of ours that it remembers."""

    reference: UUID
    amount: Decimal
    currency: str
    kind: Literal["charge", "refund"] = "charge"
    charge: str = ""
    """The provider's number of the charge that a refund gives back."""
    token: str = ""
    """Of a card that the provider keeps; the reader at the desk when empty."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says became of it."""

    event: str
    """The provider's number of this saying: the same however often it is said."""
    reference: UUID
    outcome: Outcome
    charge: str = ""
    """The provider's number of the charge."""
    approval_code: str = ""
    brand: str = ""
    last4: str = ""
    message: str = ""


class CardTerminal(Protocol):
    """Something that charges cards."""

    @property
    def name(self) -> str:
        """Which provider it is: charges are kept under it."""

    def ask(self, asked: Asked) -> Said:
        """Charge, or give back. Raises TerminalSilent."""

    def outcome(self, reference: UUID) -> Said | None:
        """What became of something that was asked; None when it never arrived. Raises TerminalSilent."""

    def calls(self) -> Sequence[Said]:
        """What the provider calls about and was not thanked for yet: some of it twice, some of it known."""

    def thank(self, calls: Sequence[Said]) -> None:
        """These calls need not come again."""


class ExternalTerminal:
    """A terminal that stands beside the till and is not connected: a person types what it shows."""

    name = "external"

    def ask(self, asked: Asked) -> Said:
        """Nothing can be asked. Raises ChargeByHand."""
        raise ChargeByHand

    def outcome(self, reference: UUID) -> Said | None:
        """Nothing was ever asked."""
        return None

    def calls(self) -> Sequence[Said]:
        """It never calls."""
        return ()

    def thank(self, calls: Sequence[Said]) -> None:
        """It never called."""


class SimulatedTerminal:
    """A provider in a folder, shared by every process that names it: its charges, its calls, and what it will do next.

    `script` holds one word a line, the next first: approve, decline, silent (it never hears of it), silent-after (it
    charges, and nobody is told), twice (it calls back two times). Without one it approves.
    """

    name = "simulated"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for part in ("charges", "calls"):
            (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    def plan(self, *words: str) -> None:
        """What it does with what it is asked next."""
        with self._alone():
            (self._folder / "script").write_text("\n".join(words), encoding="utf-8")

    def ask(self, asked: Asked) -> Said:
        """Charge, or give back: once for each reference. Raises TerminalSilent."""
        with self._alone():
            known = self._read(asked.reference)
            if known is not None:
                return known
            how = self._next()
            if how == "silent":
                raise TerminalSilent
            said = self._settle(asked, declined=how == "decline")
            for _ in range(2 if how == "twice" else 1):
                self._call(said)
        if how == "silent-after":
            raise TerminalSilent
        return said

    def outcome(self, reference: UUID) -> Said | None:
        """What became of it."""
        with self._alone():
            return self._read(reference)

    def calls(self) -> Sequence[Said]:
        """Its calls, oldest first."""
        with self._alone():
            return [_said(file) for file in sorted((self._folder / "calls").glob("*.json"))]

    def thank(self, calls: Sequence[Said]) -> None:
        """Every call with one of these sayings is over."""
        events = {one.event for one in calls}
        with self._alone():
            for file in (self._folder / "calls").glob("*.json"):
                if _said(file).event in events:
                    file.unlink()

    def charged(self) -> list[Said]:
        """Everything that it has approved: what a bank statement would show."""
        with self._alone():
            found = [_said(file) for file in (self._folder / "charges").glob("*.json")]
        return sorted((one for one in found if one.outcome == "approved"), key=lambda one: one.event)

    def _settle(self, asked: Asked, *, declined: bool) -> Said:
        number = len(list((self._folder / "charges").glob("*.json"))) + 1
        said = Said(
            event=f"ev_{number:06d}",
            reference=asked.reference,
            outcome="declined" if declined else "approved",
            charge="" if declined else f"{'re' if asked.kind == 'refund' else 'ch'}_{number:06d}",
            approval_code="" if declined else f"S{number:05d}",
            brand="Visa",
            last4="4242",
            message="Insufficient funds" if declined else "",
        )
        self._write(self._folder / "charges" / f"{asked.reference}.json", said)
        return said

    def _call(self, said: Said) -> None:
        folder = self._folder / "calls"
        numbers = [int(file.stem) for file in folder.glob("*.json")]
        self._write(folder / f"{max(numbers, default=0) + 1:06d}.json", said)

    def _read(self, reference: UUID) -> Said | None:
        file = self._folder / "charges" / f"{reference}.json"
        return _said(file) if file.exists() else None

    def _write(self, file: Path, said: Said) -> None:
        new = file.with_suffix(".new")
        new.write_text(json.dumps(asdict(said), default=str), encoding="utf-8")
        os.replace(new, file)

    def _next(self) -> str:
        script = self._folder / "script"
        words = script.read_text(encoding="utf-8").split() if script.exists() else []
        if words:
            script.write_text("\n".join(words[1:]), encoding="utf-8")
        return words[0] if words else "approve"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time; a killed one lets go."""
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _said(file: Path) -> Said:
    read = json.loads(file.read_text(encoding="utf-8"))
    return Said(**{**read, "reference": UUID(read["reference"])})


def terminal_of(setting: str) -> CardTerminal:
    """The terminal that a setting means. Raises BadInput."""
    kind, _, where = setting.partition(":")
    if kind == "external" and not where:
        return ExternalTerminal()
    if kind == "simulated" and where:
        try:
            return SimulatedTerminal(Path(where).expanduser())
        except OSError as error:
            raise BadInput(f"The simulated card terminal can't use {where}: {error.strerror}.") from error
    raise BadInput(f"{setting!r} is no card terminal. Set card_terminal to external, or to simulated:FOLDER.")
