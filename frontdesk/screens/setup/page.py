"""What a page of setting up is: its fields with their defaults, and what it refuses before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from frontdesk.screens.setup.answers import Answers
from frontdesk.widgets.field import Field


@dataclass(frozen=True)
class Step:
    """One page."""

    title: str
    words: Callable[[Answers], str]
    fields: Callable[[Answers], Sequence[Field]]
    check: Callable[[Answers], None]
    """Raises BadInput naming the field."""
    told: Callable[[Answers], str]
    """What was answered, in a line."""


def value(answers: Answers, step: Step, name: str) -> str:
    """What stands in a field, whether somebody has been there or not."""
    return next(one.value for one in step.fields(answers) if one.name == name).strip()


def picked(answers: Answers, step: Step, name: str) -> str:
    """What is chosen in a field, whether somebody has been there or not."""
    return next(one.picked for one in step.fields(answers) if one.name == name)


def chosen(answers: Answers, name: str, default: tuple[str, str]) -> tuple[str, str]:
    """Text and value of a choice; the default's when nobody chose."""
    if name in answers.typed:
        return answers.typed[name], answers.picked.get(name, "")
    return default
