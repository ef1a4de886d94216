"""How a command ends. Its exit codes are an API: 0 done, 1 a fault, 2 usage, 3 refused, 4 the database is out of reach,
130 interrupted; 128+n by another signal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from frontdesk.errors import OutcomeUnknown, Refusal, Unreachable

if TYPE_CHECKING:
    from frontdesk.cli.asked import Asked

DONE, FAULT, USAGE, REFUSED, OUT_OF_REACH, INTERRUPTED = 0, 1, 2, 3, 4, 130


def ended(call: Callable[[], object], asked: Asked) -> int:
    """Run a command to its end, say on stderr what has to be said, and answer its exit code."""
    try:
        code = call()
    except click.exceptions.Exit as left:
        return left.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _interrupted(asked)
    except click.ClickException as error:
        error.show()
        _tell_program(asked, {"refused": "Usage", "sentence": error.format_message(), "facts": {}})
        return USAGE
    except Refusal as refusal:
        return _refused(refusal, asked)
    except Exception as error:  # noqa: BLE001  the crash handler of the commands
        return _fault(error, asked)
    # Without its standalone mode click returns what --help would have exited with.
    return code if isinstance(code, int) else DONE


def _refused(refusal: Refusal, asked: Asked) -> int:
    _say(refusal.sentence)
    options = refusal.facts.get("options")
    for option in options if isinstance(options, list | tuple) else ():
        _say(f"  {option}")
    _tell_program(asked, {"refused": refusal.code, "sentence": refusal.sentence, "facts": refusal.facts})
    return OUT_OF_REACH if _is_out_of_reach(refusal) else REFUSED


def _is_out_of_reach(refusal: Refusal) -> bool:
    if isinstance(refusal, Unreachable | OutcomeUnknown):
        return True
    return type(refusal).__module__ == "frontdesk.db.server.refusals"  # the private server could not start


def _fault(error: Exception, asked: Asked) -> int:
    from frontdesk.faults import kept_in_log

    kept = kept_in_log(error, lambda: asked.settings.log_file)
    sentence = f"Something went wrong inside frontdesk ({type(error).__name__}). {kept}"
    _say(sentence)
    _tell_program(asked, {"fault": type(error).__name__, "sentence": sentence})
    return FAULT


def _interrupted(asked: Asked) -> int:
    said = "Interrupted."
    if asked.sent is not None:
        said += f" It may have been saved: to be sure, send the same again with --key {asked.sent}"
    _say("", said)
    _tell_program(asked, {"refused": "Interrupted", "sentence": said, "facts": {"request_id": asked.sent}})
    return INTERRUPTED


def _tell_program(asked: Asked, answer: dict[str, object]) -> None:
    if asked.json:
        click.echo(json.dumps(answer, default=str, ensure_ascii=False).encode())


def _say(*sentences: str) -> None:
    from frontdesk.cli.output import say

    say(*sentences)
