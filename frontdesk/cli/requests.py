"""Requests put together from what a command line happens to say."""

from __future__ import annotations

from typing import TypeVar

Request = TypeVar("Request")


def request_of(kind: type[Request], /, **facts: object) -> Request:
    """A request of that kind, checked as one that comes as JSON is; facts that it does not ask for are left out."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind).validate_python(facts)
