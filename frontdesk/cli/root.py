"""The root of all commands: which there are, found by name and imported only when one is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from frontdesk import __version__
from frontdesk.cli.asked import Asked, json_option, key_option, place_options, shop_option
from frontdesk.cli.run import ended

Listed = dict[str, tuple[str, str]]

COMMANDS: dict[str, Listed] = {
    "The day": {
        "free": ("frontdesk.cli.free:free", "Free times of a service"),
        "gaps": ("frontdesk.cli.gaps:gaps", "Holes worth money, and whom to call about them"),
        "why": ("frontdesk.cli.why:why", "Why a time can or can't be booked"),
        "book": ("frontdesk.cli.book:book", 'Book a visit: book "jane cut tue 3pm anna"'),
        "day": ("frontdesk.cli.day:day", "A day of the book"),
        "waitlist": ("frontdesk.cli.waiting:waitlist", "Who waits for a time, and who is offered one"),
        "queue": ("frontdesk.cli.waiting:queue", 'Queue a walk-in: queue "kim cut"'),
        "turns": ("frontdesk.cli.waiting:turns", "Whose turn it is"),
        "board": ("frontdesk.cli.board:board", "Who is here, where and for how long"),
        "show": ("frontdesk.cli.visits:show", "One visit and its story"),
        "history": ("frontdesk.cli.history:history", "Who did what to a visit or a customer"),
        "move": ("frontdesk.cli.visits:move", "Put a visit at another time, or with somebody else"),
        "swap": ("frontdesk.cli.changing:swap", "Two visits change places"),
        "change": ("frontdesk.cli.changing:change", "Another service, length, price, stylist or customer"),
        "group": ("frontdesk.cli.groups:group", "Visits that belong together"),
        "sick": ("frontdesk.cli.reshuffle:sick", "Somebody is ill: what becomes of each visit"),
        "late": ("frontdesk.cli.reshuffle:late", "Somebody comes late: what begins later"),
        "confirm": ("frontdesk.cli.visits:confirm", "They said they will come"),
        "arrive": ("frontdesk.cli.visits:arrive", "They are here"),
        "start": ("frontdesk.cli.visits:start", "The service begins"),
        "finish": ("frontdesk.cli.visits:finish", "The service is done"),
        "no-show": ("frontdesk.cli.leaving:no_show", "They did not come"),
        "cancel": ("frontdesk.cli.leaving:cancel", "The visit will not be; say why"),
        "put-back": ("frontdesk.cli.visits:put_back", "Undo a visit's last step; say why"),
        "undo": ("frontdesk.cli.undo:undo", "Take back what you did to the book last"),
        "redo": ("frontdesk.cli.undo:redo", "Do again what you took back"),
        "series": ("frontdesk.cli.series:series", "Visits that come again and again"),
        "class": ("frontdesk.cli.classes:class_", "Classes, their seats, and who waits for one"),
        "checkout": ("frontdesk.cli.checkout:checkout", "Take the money and print the receipt"),
        "parked": ("frontdesk.cli.tickets:parked", "Tickets put aside, and for how long"),
        "receipt": ("frontdesk.cli.receipts:receipt", "A receipt again: shown, printed, saved, sent"),
        "refund": ("frontdesk.cli.refunds:refund", "Money back, all of it, by line or by amount"),
        "void": ("frontdesk.cli.refunds:void", "A whole sale taken back before the close"),
        "invoice": ("frontdesk.cli.receipts:invoice", "Invoices, their versions, credit notes"),
        "outbox": ("frontdesk.cli.receipts:outbox", "Receipts and invoices sent by e-mail"),
        "giftcard": ("frontdesk.cli.gift_cards:giftcard", "Gift cards: sell, show, list"),
        "package": ("frontdesk.cli.packages:package", "Packages and memberships, and who has them"),
        "points": ("frontdesk.cli.points:points", "Points for what customers buy"),
        "card": ("frontdesk.cli.cards:card", "Charges by the card terminal, and cards on file"),
        "credit": ("frontdesk.cli.gift_cards:credit", "Store credit, with why and until when"),
        "deposit": ("frontdesk.cli.deposits:deposit", "Money before a visit, and what becomes of it"),
        "account": ("frontdesk.cli.house_accounts:account", "Who may pay later, and who owes"),
        "voucher": ("frontdesk.cli.to_come:voucher", "Vouchers of others, and what they still owe"),
        "transfer": ("frontdesk.cli.to_come:transfer", "Bank transfers that are awaited"),
        "liabilities": ("frontdesk.cli.gift_cards:liabilities", "What is still on cards, credit, deposits"),
        "print": ("frontdesk.cli.printing:print_", "A day of the book on paper, for the morning"),
        "report": ("frontdesk.cli.report:report", "What a day came to"),
        "drawer": ("frontdesk.cli.drawer:drawer", "Open, count and close drawers; cash in and out"),
        "correct": ("frontdesk.cli.closing:correct", "Put a wrong tender right, also after the close"),
        "x": ("frontdesk.cli.closing:x", "What was sold since the last Z"),
        "close": ("frontdesk.cli.closing:close", "Close the day and print its Z"),
        "z": ("frontdesk.cli.closing:z", "A closed day again, as it was printed"),
        "journal": ("frontdesk.cli.journal:journal", "The chain of money events, verified"),
        "export": ("frontdesk.cli.journal:export", "Figures for another program"),
    },
    "People and things": {
        "customer": ("frontdesk.cli.customers:customer", "Find, add and change customers"),
        "alert": ("frontdesk.cli.alerts:alert", "What to know when somebody comes"),
        "service": ("frontdesk.cli.menu:service", "What the shop does for people"),
        "product": ("frontdesk.cli.catalogue:product", "What stands on the shelf"),
        "priceclass": ("frontdesk.cli.tickets:priceclass", "Who pays other prices: staff, a model"),
        "coupon": ("frontdesk.cli.tickets:coupon", "Codes that take something off"),
        "discount": ("frontdesk.cli.tickets:discount", "How much each role may take off"),
        "stock": ("frontdesk.cli.stock:stock", "How many there are; receive, count, order"),
        "supplier": ("frontdesk.cli.suppliers:supplier", "Whom products are bought from"),
        "tax": ("frontdesk.cli.catalogue:tax", "What the state takes"),
        "policy": ("frontdesk.cli.leaving:policy", "What leaving late and not coming cost"),
        "category": ("frontdesk.cli.catalogue:category", "The shelves of the menu"),
        "stylist": ("frontdesk.cli.stylists:stylist", "Who serves, and when"),
        "commission": ("frontdesk.cli.commission:commission", "What stylists earn, and why"),
        "pay": ("frontdesk.cli.pay:pay", "Pay periods, statements and their close"),
        "tips": ("frontdesk.cli.tips:tips", "Whose the tips are, pooled and still owed"),
        "hours": ("frontdesk.cli.hours:hours", "When the shop is open, and when it is shut"),
        "shop": ("frontdesk.cli.shop:shop", "What the shop is called, and its receipts"),
        "import": ("frontdesk.cli.imports:import_", "Bring over another system's data"),
    },
    "Signing in": {
        "login": ("frontdesk.cli.signing:login", "Sign in for the commands that follow"),
        "logout": ("frontdesk.cli.signing:logout", "Sign out"),
        "whoami": ("frontdesk.cli.signing:whoami", "Who is signed in, and where"),
        "user": ("frontdesk.cli.users:user", "Who may sign in"),
        "terminal": ("frontdesk.cli.terminals:terminal", "Where a PIN is enough to sign in"),
    },
    "The house": {
        "demo": ("frontdesk.cli.demo:demo", "The desk of a made-up busy shop, to try everything"),
        "serve": ("frontdesk.cli.serve:serve", "The desk in a browser"),
        "setup": ("frontdesk.cli.setup:setup", "Found a business in an empty database"),
        "do": ("frontdesk.cli.do:do", "Run any request by name, for programs"),
        "db": ("frontdesk.cli.database:db", "Migrate the database, or begin it anew"),
        "server": ("frontdesk.cli.server:server", "The private database server"),
        "selftest": ("frontdesk.cli.selftest:selftest", "Play one day on a scratch database and check it"),
        "upkeep": ("frontdesk.cli.upkeep:upkeep", "What is due every day without anybody asking"),
        "doctor": ("frontdesk.cli.doctor:doctor", "Look for what should never be"),
        "info": ("frontdesk.cli.info:info", "Paths, versions, and where each setting comes from"),
        "completion": ("frontdesk.cli.completion:completion", "Let the shell complete commands"),
    },
}
"""Every command under its heading: where it lives, and a few words on it. One line here makes a command known."""


class Root(click.Group):
    """A group whose commands are imported when they are run, not when they are listed."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401  click's own signature
    ) -> Any:  # noqa: ANN401
        """Run one command line. Leaves with its exit code."""
        asked = extra.pop("obj", None) or Asked()
        run = super().main

        def call() -> object:
            extra.update(standalone_mode=False, windows_expand_args=windows_expand_args, obj=asked)
            return run(args, prog_name, complete_var, **extra)

        sys.exit(ended(call, asked))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the help."""
        return [name for listed in COMMANDS.values() for name in listed]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and take it out."""
        from importlib import import_module

        for listed in COMMANDS.values():
            if cmd_name in listed:
                module, attribute = listed[cmd_name][0].split(":")
                found = getattr(import_module(module), attribute)
                assert isinstance(found, click.Command)
                return found
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """By its name; a mistyped one is refused with what may have been meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=3, cutoff=0.5)
            meant = f" Did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{meant}", ctx) from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands first: they are what one looks for."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table alone."""
        widest = max(map(len, self.list_commands(ctx)))
        for heading, listed in COMMANDS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(widest), words) for name, (_, words) in listed.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """From the table alone."""
        everything = {name: words for listed in COMMANDS.values() for name, (_, words) in listed.items()}
        found = [CompletionItem(name, help=words) for name, words in everything.items() if name.startswith(incomplete)]
        return found + click.Command.shell_complete(self, ctx, incomplete)


def _alone() -> None:
    """Without a command, the desk itself."""
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        from frontdesk.cli.opening import open_here

        open_here()


root = Root(
    name="frontdesk",
    help="The front desk of a salon, spa or clinic.\n\nAlone it opens the desk. Options of one command:"
    " frontdesk COMMAND -h",
    invoke_without_command=True,
    callback=_alone,
    epilog="Exit codes: 0 done, 1 a fault, 2 usage, 3 refused, 4 the database is out of reach (try again), 130"
    " interrupted.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=[json_option(), key_option(), shop_option(), *place_options()],
)
click.version_option(__version__, prog_name="frontdesk", message="%(prog)s %(version)s")(root)
