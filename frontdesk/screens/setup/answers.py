"""What has been typed so far while a shop is set up. A default that nobody touched follows the answers before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from frontdesk.guesses import Guesses

SECRETS = ("password", "password_again", "pin", "person_pin")
"""Fields that are kept nowhere but in memory."""


@dataclass(frozen=True)
class Helper:
    """Somebody else who works here."""

    name: str
    part: str
    pin: str = field(default="", repr=False)
    week: str = ""
    """Of a stylist, in words."""


@dataclass
class Answers:
    """Texts and choices by field, and the people."""

    guess: Guesses
    who: str
    """Who sits here, as the machine calls them."""
    typed: dict[str, str] = field(default_factory=dict)
    picked: dict[str, str] = field(default_factory=dict)
    """Of choices: the value behind the text."""
    people: list[Helper] = field(default_factory=list)

    def text(self, name: str, default: str) -> str:
        """What was typed, or what is offered."""
        return self.typed.get(name, default)

    def pick(self, name: str, default: str) -> str:
        """What was chosen, or what is offered."""
        return self.picked.get(name) or default

    def put(self, name: str, text: str, picked: str = "") -> None:
        """This was typed."""
        self.typed[name] = text
        if picked:
            self.picked[name] = picked
        else:
            self.picked.pop(name, None)

    def forget(self, *names: str) -> None:
        """These were never typed: what is usual stands there again."""
        for name in names:
            self.typed.pop(name, None)
            self.picked.pop(name, None)

    def add(self, helper: Helper) -> None:
        """Somebody who works here; a second one of the same name takes the first one's place."""
        self.people = [one for one in self.people if one.name.casefold() != helper.name.casefold()] + [helper]

    # On the disk, for a setup that was interrupted

    def written(self) -> dict[str, str]:
        """Everything but secrets, as a draft keeps it."""
        said = {name: text for name, text in self.typed.items() if name not in SECRETS}
        chosen = {f"{name}#": value for name, value in self.picked.items()}
        people = json.dumps([vars(replace(one, pin="")) for one in self.people])
        return {**said, **chosen, "people": people}

    def read(self, kept: Mapping[str, str]) -> None:
        """Go on from there."""
        for name, text in kept.items():
            if name == "people":
                self.people = [Helper(**each) for each in json.loads(text)]
            elif name.endswith("#"):
                self.picked[name[:-1]] = text
            else:
                self.typed[name] = text
