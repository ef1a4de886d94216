"""What every command line may say: JSON, a request's key, which shop, and where this machine's files lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID, uuid4

import click

from frontdesk.cli.mistyped import usage

if TYPE_CHECKING:
    from frontdesk.clock import Clock
    from frontdesk.services.people.sign_in import Sessions
    from frontdesk.settings import Settings


class Once(TypedDict):
    """What a request that changes something is given."""

    request_id: UUID


@dataclass
class Asked:
    """One command line, as far as it is the same for every command."""

    json: bool = False
    key: UUID | None = None
    shop: int | None = None
    flags: dict[str, Path | str] = field(default_factory=dict)
    """Settings given as options."""
    clock: Clock | None = None
    """Another clock than the machine's: for a scripted day."""
    sessions: Sessions | None = None
    """Sessions of a database that is open already, for whoever runs a command inside a program."""
    sent: UUID | None = None
    """The key under which something was asked to be saved, once it was."""

    @cached_property
    def settings(self) -> Settings:
        """Where things are, from files, environment and options."""
        from frontdesk.settings import load

        with usage():
            return load(self.flags)

    def once(self) -> Once:
        """The request id of a write: the one given with --key, so that a repetition changes nothing, or a new one."""
        self.sent = self.key or uuid4()
        return {"request_id": self.sent}


def asked() -> Asked:
    """What the command line now running says."""
    return click.get_current_context().ensure_object(Asked)


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:  # noqa: ANN401  click's own type
        if value is not None and value is not False:
            setattr(context.ensure_object(Asked), name, value)

    return keep


def _keep_flag(context: click.Context, parameter: click.Parameter, value: Path | str | None) -> None:
    if value is not None and parameter.name is not None:
        context.ensure_object(Asked).flags[parameter.name] = value


def json_option() -> click.Option:
    """--json, before or behind the command's name."""
    return click.Option(
        ["--json"], is_flag=True, expose_value=False, is_eager=True, callback=_keep("json"), help="Answer in JSON."
    )


def key_option() -> click.Option:
    """--key, for whatever changes something."""
    return click.Option(
        ["--key"], type=click.UUID, metavar="UUID", expose_value=False, callback=_keep("key"),
        help="The request's own number: sent again with the same one, nothing is done twice.",
    )  # fmt: skip


def shop_option() -> click.Option:
    """--shop, for a business with several."""
    return click.Option(
        ["--shop"],
        type=int,
        metavar="NUMBER",
        expose_value=False,
        callback=_keep("shop"),
        help="Another of your shops.",
    )


def place_options() -> list[click.Option]:
    """Where this machine's files and its database are. Addresses with passwords belong into the environment: every
    user of the machine can read a command line."""
    folder = click.Path(path_type=Path)
    return [
        click.Option(["--database"], metavar="NAME", expose_value=False, callback=_keep_flag,
                     help="The database's name on the private server."),
        click.Option(["--data-folder"], type=folder, expose_value=False, callback=_keep_flag,
                     help="Where the private server keeps its files."),
        click.Option(["--config-folder"], type=folder, expose_value=False, callback=_keep_flag,
                     help="Where config.toml lies."),
        click.Option(["--state-folder"], type=folder, expose_value=False, callback=_keep_flag,
                     help="Where the log and the sign-in lie."),
    ]  # fmt: skip


class Bare(click.Command):
    """A command that stands in no shop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  click's own signature
        super().__init__(*args, **kwargs)
        self.params.append(json_option())


class Reading(Bare):
    """A command in a shop that changes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  click's own signature
        super().__init__(*args, **kwargs)
        self.params.append(shop_option())


class Writing(Reading):
    """A command in a shop that changes something, once per key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  click's own signature
        super().__init__(*args, **kwargs)
        self.params.append(key_option())
