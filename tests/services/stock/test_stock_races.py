"""The last piece at two tills, counts at once, and ten thousand moves from several connections (features CA6)."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.stock import stock
from frontdesk.services.stock.stock import Arrived, Counted, CountStock, ReceiveStock, UseStock
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.stock.test_stock import SHAMPOO, level, received, sold

TILLS = 4
OPERATIONS = 120 * int(os.environ.get("FRONTDESK_TEST_SEEDS", "1"))


@contextmanager
def _desks(handle: Handle, database: str) -> Iterator[list[Desk]]:
    """Desks with a connection each, as terminals have."""
    engine = open_engine(desk_conninfo(handle, database))
    token, clock = vale_street.token("ria"), SetClock(vale_street.NOW)
    yield [open_desk(lambda: Session(engine), token, clock) for _ in range(TILLS)]
    engine.dispose()


def _at_once(desks: list[Desk], wish: Callable[[Desk], object]) -> Counter[str]:
    gate = threading.Barrier(len(desks))

    def one(desk: Desk) -> str:
        gate.wait()
        try:
            wish(desk)
        except Refusal as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(desks)) as pool:
        return Counter(pool.map(one, desks))


def _as_owner(server: Handle, database: str, *statements: str) -> None:
    with psycopg.connect(server.conninfo(database), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_last_piece_goes_once_where_the_shop_sells_only_what_is_there(server: Handle, committed: str) -> None:
    strict = "UPDATE shops SET sells_below_stock = false"
    _as_owner(server, committed, strict)
    with _desks(server, committed) as desks:
        received(desks[0], 1)
        assert _at_once(desks, sold) == {"done": 1, "NotOnShelf": TILLS - 1}
        assert level(desks[0]).quantity == 0
        # Negative control: without the promise everybody gets the one piece.
        _as_owner(server, committed, "DROP TRIGGER stock_moves_covered ON stock_moves")
        received(desks[0], 1)
        assert _at_once(desks, sold) == {"done": TILLS}
        assert level(desks[0]).quantity == 1 - TILLS


def test_where_the_shop_sells_below_stock_everybody_gets_one_and_counts_at_once_count_once(
    server: Handle, committed: str
) -> None:
    with _desks(server, committed) as desks:
        received(desks[0], 1)
        assert _at_once(desks, sold) == {"done": TILLS}
        assert level(desks[0]).quantity == 1 - TILLS
        wish = CountStock(found=(Counted(product_id=SHAMPOO, counted=7),))
        assert _at_once(desks, lambda desk: stock.count(desk, CountStock(found=wish.found))) == {"done": TILLS}
        assert level(desks[0]).quantity == 7


@pytest.mark.timeout(1800)  # ten thousand take their time
@pytest.mark.parametrize("seed", [1])
def test_moves_of_several_tills_add_up(server: Handle, committed: str, seed: int) -> None:
    with _desks(server, committed) as desks:
        moved: list[int] = []

        def work(number: int) -> None:
            dice, desk = random.Random(seed * 100 + number), desks[number]
            for _ in range(OPERATIONS // TILLS):
                many = dice.randint(1, 5)
                if dice.random() < 0.5:
                    stock.receive(desk, ReceiveStock(arrived=(Arrived(product_id=SHAMPOO, quantity=many),)))
                    moved.append(many)
                else:
                    stock.use(desk, UseStock(product_id=SHAMPOO, quantity=many))
                    moved.append(-many)

        with ThreadPoolExecutor(TILLS) as pool:
            list(pool.map(work, range(TILLS)))
        assert len(moved) == OPERATIONS // TILLS * TILLS
        assert level(desks[0]).quantity == sum(moved)
