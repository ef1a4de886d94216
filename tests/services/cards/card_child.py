"""A till in a process of its own that charges a card and is killed before it makes the sale."""

from __future__ import annotations

import sys
import time
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.services.cards.card_payments import ChargeCard, charge
from frontdesk.services.people.sign_in import open_desk
from tests import vale_street


def main(conninfo: str, terminal: str, key: str) -> None:
    """Charge 50.00 under this key, say so, and wait for the end."""
    engine = open_engine(conninfo)
    desk = open_desk(
        lambda: Session(engine), vale_street.token("ria"), SetClock(vale_street.NOW), card_terminal=terminal
    )
    charge(desk, ChargeCard(amount=Decimal(50), request_id=UUID(key)))
    print("charged", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:4])
