"""How every service is run: one permission, one transaction, once per request id, known by name to every face."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import Session

from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk, Shop
from frontdesk.errors import NotAllowed, SameKeyOtherWish
from frontdesk.permissions import APPROVABLE, Actor, Deed, refusal_for

SECRET: dict[str, Any] = {"secret": True}
"""Metadata of a field that is said once and kept nowhere: not in the digest of a wish, nor in a stored answer."""


@dataclass(frozen=True, kw_only=True)
class Write:
    """What every request that changes something carries."""

    request_id: UUID = field(default_factory=uuid4)
    """Made when the wish is formed, kept through every retry: the same wish is never done twice."""
    approval: str | None = None
    """A manager's yes to this one action, from `sign_in.approve`."""


@dataclass
class Work:
    """What a use-case has in hand while its transaction is open."""

    desk: Desk
    session: Session
    approval: str | None = None

    @property
    def actor(self) -> Actor:
        """Who does it."""
        return self.desk.actor

    @property
    def shop(self) -> Shop:
        """Where."""
        return self.desk.shop

    @property
    def now(self) -> dt.datetime:
        """When."""
        return self.desk.clock.now()

    def require(self, deed: Deed) -> None:
        """Go on only if the person may do this, or a manager has approved it once. Raises NotAllowed."""
        remedy = refusal_for(self.actor, deed)
        if remedy is None:
            return
        if self.approval and deed in APPROVABLE and self._spend(deed):
            return
        raise NotAllowed(who=self.actor.name, deed=deed.value, remedy=remedy)

    def _spend(self, deed: Deed) -> bool:
        spent = text("SELECT spend_approval(:code, :deed)")
        return bool(self.session.execute(spent, {"code": self.approval, "deed": deed.name}).scalar())

    def tell(self, kind: str, subject_id: int, **payload: object) -> None:
        """Leave an event for the outbox and wake the other terminals; both only if the transaction commits."""
        self.tell_all(kind, [(subject_id, payload)])

    def tell_all(self, kind: str, subjects: Sequence[tuple[int, Mapping[str, object]]]) -> None:
        """The same of many at once, each with its payload."""
        told = [
            {
                "shop": self.shop.id,
                "kind": kind,
                "subject": subject_id,
                "payload": json.dumps(payload, default=str),
                "notice": json.dumps({"kind": kind, "id": subject_id, "shop": self.shop.id, "by": self.actor.user_id}),
            }
            for subject_id, payload in subjects
        ]
        self.session.execute(_TELL, told[0] if len(told) == 1 else told)


_TELL = text(
    "WITH told AS (INSERT INTO outbox_events (shop_id, kind, subject_id, payload)"
    " VALUES (:shop, :kind, :subject, CAST(:payload AS jsonb)) RETURNING 1)"
    " SELECT pg_notify('frontdesk', :notice) FROM told"
)


@dataclass(frozen=True)
class UseCase:
    """A public service, as programs see it."""

    name: str
    deed: Deed
    request: Any
    answer: Any
    writes: bool
    summary: str
    run: Callable[[Desk, Any], Any]


USE_CASES: dict[str, UseCase] = {}
"""Every public service by name, `booking.book`; filled as the modules are imported (`services.all`)."""


R = TypeVar("R")
A = TypeVar("A")


@dataclass(frozen=True)
class Beforehand:
    """What has to be done before a use-case, in transactions of its own, whenever it is due."""

    is_due: Callable[[Work], bool]
    do: Callable[[Desk], object]


def use_case(
    deed: Deed, *, before: Beforehand | None = None
) -> Callable[[Callable[[Work, R], A]], Callable[[Desk, R], A]]:
    """Make a public service of a function over open work: `book(work, request)` becomes `book(desk, request)`.

    A request that is a `Write` runs in a writing transaction, is answered once per request id, and its repetition
    gets the first answer. Any other request reads. When what stands `before` is due, the transaction is left for it
    and entered again.
    """

    def decorate(function: Callable[[Work, R], A]) -> Callable[[Desk, R], A]:
        hints = typing.get_type_hints(function)
        name = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
        answer_type = hints["return"]
        writes = issubclass(hints["request"], Write)

        def read(desk: Desk, request: R, *, again: bool = False) -> A:
            with transaction(desk) as session:
                work = Work(desk, session)
                work.require(deed)
                if again or before is None or not before.is_due(work):
                    return function(work, request)
            before.do(desk)
            return read(desk, request, again=True)

        def write(desk: Desk, request: R, *, again: bool = False) -> A:
            assert isinstance(request, Write)
            remedy = refusal_for(desk.actor, deed)
            if remedy and not request.approval:
                raise NotAllowed(who=desk.actor.name, deed=deed.value, remedy=remedy)
            with transaction(desk, request.request_id) as session:
                work = Work(desk, session, request.approval)
                if again or before is None or not before.is_due(work):
                    first = _claim(session, name, request.request_id, _digest(name, request))
                    if first is not None:
                        return typing.cast("A", _adapter(answer_type).validate_json(first))
                    work.require(deed)
                    answer = function(work, request)
                    _keep(session, request.request_id, answer)
                    return answer
            before.do(desk)
            return write(desk, request, again=True)

        run = functools.wraps(function)(write if writes else read)
        summary = (function.__doc__ or "").strip().splitlines()[0]
        USE_CASES[name] = UseCase(name, deed, hints["request"], answer_type, writes, summary, run)
        return run

    return decorate


@functools.cache
def _adapter(type_: Any) -> TypeAdapter[Any]:  # noqa: ANN401  any answer's type
    return TypeAdapter(type_)


def talk(deed: Deed) -> Callable[[Callable[[Desk, R], A]], Callable[[Desk, R], A]]:
    """Make a public service of a function that runs use-cases one after the other and talks to somebody in between.

    Each has a transaction and a request id of its own: what is committed before the talk outlives whatever comes of it.
    """

    def decorate(function: Callable[[Desk, R], A]) -> Callable[[Desk, R], A]:
        hints = typing.get_type_hints(function)
        name = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
        summary = (function.__doc__ or "").strip().splitlines()[0]
        writes = issubclass(hints["request"], Write)
        USE_CASES[name] = UseCase(name, deed, hints["request"], hints["return"], writes, summary, function)
        return function

    return decorate


def _digest(name: str, request: Write) -> str:
    kind: Any = type(request)
    wish = json.loads(_adapter(kind).dump_json(request))
    for kept_out in ("request_id", "approval", *_secrets(request)):
        del wish[kept_out]
    return hashlib.sha256(f"{name} {json.dumps(wish, sort_keys=True)}".encode()).hexdigest()


def _claim(session: Session, name: str, request_id: UUID, key: str) -> str | None:
    """Take the request id, or give back what was answered the first time.

    Two statements on purpose: after a conflict only a new statement's snapshot sees the other's row.
    """
    claimed = session.execute(_CLAIM, {"request": request_id, "command": name, "key": key}).scalar()
    if claimed:
        return None
    found = session.execute(_FIRST, {"request": request_id}).one_or_none()
    if found is None or found.request_hash != key:
        raise SameKeyOtherWish(request_id=request_id)
    return str(found.answer)


_CLAIM = text(
    "INSERT INTO idempotency_keys (request_id, command, request_hash) VALUES (:request, :command, :key)"
    " ON CONFLICT (business_id, request_id) DO NOTHING RETURNING id"
)
_FIRST = text("SELECT request_hash, answer::text AS answer FROM idempotency_keys WHERE request_id = :request")
_KEEP = text("UPDATE idempotency_keys SET answer = CAST(:answer AS jsonb) WHERE request_id = :request")


def _keep(session: Session, request_id: UUID, answer: Any) -> None:  # noqa: ANN401  any answer
    hushed = dataclasses.replace(answer, **dict.fromkeys(_secrets(answer), ""))
    kind: Any = type(answer)
    kept = _adapter(kind).dump_json(hushed).decode()
    session.execute(_KEEP, {"request": request_id, "answer": kept})


def _secrets(said: Any) -> list[str]:  # noqa: ANN401  any dataclass
    return [each.name for each in dataclasses.fields(said) if each.metadata.get("secret")]
