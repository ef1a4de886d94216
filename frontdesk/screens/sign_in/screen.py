"""Sign-in: the people of this terminal and a PIN; on an unregistered one name and password. It is also the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from frontdesk.errors import Refusal
from frontdesk.screens.sign_in.people import PeopleList
from frontdesk.text import harmless
from frontdesk.widgets.bar import Bar

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk
    from frontdesk.screens.sign_in.password import PasswordBox


class SignInScreen(Screen[None]):
    """Who is at the desk?"""

    BINDINGS = [  # noqa: RUF012  Textual's own kind
        ("ctrl+q", "app.quit", "quit"),
        ("f5", "again", "try again"),
        ("ctrl+p", "password", "password"),
    ]

    if TYPE_CHECKING:
        app = getters.app(FrontDesk)

    def __init__(self, *, locked_by: str = "") -> None:
        super().__init__()
        self._locked_by = locked_by
        self._busy = False

    def compose(self) -> ComposeResult:
        """The shop's name, the people, what went wrong, what to do."""
        yield Bar(id="header")
        with Vertical(id="body"), Vertical(id="seats"):
            yield Static("frontdesk", id="shop", markup=False)
            yield Static("Opening the book…", id="asked", markup=False)
            yield PeopleList(self.app.pin_digits)
            yield Static("", id="wrong", markup=False)
            if self.app.hints:
                yield Static(Content("\n".join(self.app.hints)), id="hints")
        yield Bar(id="footer")

    def on_mount(self) -> None:
        """Paint first; the database is opened aside."""
        self.draw_header()
        for people in self.query("#people"):  # there is nobody yet when it is left before it was put together
            people.display = False
        # After the first paint: what is imported then would hold it up.
        self.call_after_refresh(self._open)

    def draw_header(self) -> None:
        """Locked by whom, and how to leave."""
        self.query_one("#header", Bar).show(f"Locked by {self._locked_by}" if self._locked_by else "frontdesk")
        self.query_one("#footer", Bar).show("letter or ↑ ↓ choose   PIN signs in", "ctrl+p password   ctrl+q quit")

    @work(group="open", exclusive=True)
    async def _open(self) -> None:
        backstage, app = self.app.backstage, self.app
        try:
            if not app.is_open:
                await app.aside(backstage.open, self._wait)
                app.is_open = True
                app.reach.begin()
            from frontdesk.services.people import sign_in

            found = await app.aside(sign_in.names, backstage.sessions, app.terminal_secret)
            if not found and not await app.aside(backstage.is_founded):
                app.set_up()
                return
        except Refusal as refusal:
            self._say(f"{refusal.sentence} F5 tries again.")
            return
        if found:
            self.query_one("#shop", Static).update(Content(harmless(found[0].shop)))
            people = self.query_one(PeopleList)
            people.show([(name.login, name.name, name.role.value) for name in found], first=self._locked_by)
            people.display = True
            people.focus()
            self._ask("Who is at the desk?")
        else:
            await self.action_password()
        app.warm_up()

    def _wait(self, words: str) -> None:
        self.app.call_from_thread(self._ask, words)

    def action_again(self) -> None:
        """Try to reach the database again."""
        self._say("")
        self._open()

    async def action_password(self) -> None:
        """Name and password, for people without a PIN here."""
        from frontdesk.screens.sign_in.password import PasswordBox

        if self.query("#password-box"):
            return
        for people in self.query("#people"):  # there is nobody yet when it is left before it was put together
            people.display = False
        await self.query_one("#seats").mount(PasswordBox(), before="#wrong")
        self._ask("This terminal is not registered: name and password." if not self.app.terminal_secret else "Sign in")
        self.query_one("#footer", Bar).show("enter next   name, or name@business", "ctrl+q quit")

    def on_password_box_typed(self, typed: PasswordBox.Typed) -> None:
        """Sign in with these."""
        if typed.login:
            self._start(typed.login, typed.password, "password")
        else:
            self._say("Type your name first.")

    @on(PeopleList.PinTyped)
    def _pin_typed(self, typed: PeopleList.PinTyped) -> None:
        self._start(typed.login, typed.pin, "pin")

    def _start(self, login: str, secret: str, method: str) -> None:
        if not self._busy:
            self._busy = True
            self._say("")
            self._sign_in(login, secret, method)

    @work(group="sign-in")
    async def _sign_in(self, login: str, secret: str, method: str) -> None:
        from frontdesk.services.people import sign_in

        app = self.app
        try:
            token = await app.aside(
                lambda: sign_in.sign_in(
                    app.backstage.sessions, login=login, secret=secret, method=method,
                    terminal_secret=app.terminal_secret,
                )
            )  # fmt: skip
            desk = await app.aside(
                lambda: sign_in.open_desk(
                    app.backstage.sessions,
                    token,
                    app.clock,
                    shop_id=app.shop_id,
                    card_terminal=app.settings.card_terminal,
                )
            )
        except Refusal as refusal:
            app.pin_digits.pop(login, None)
            self._say(refusal.sentence)
            self.query_one(PeopleList).forget()
            self._forget_password()
            return
        finally:
            self._busy = False
        if method == "pin":
            app.pin_digits[login] = len(secret)
        app.seat(desk)

    def _forget_password(self) -> None:
        from frontdesk.screens.sign_in.password import PasswordBox

        for box in self.query(PasswordBox):
            box.forget()

    def _ask(self, words: str) -> None:
        self.query_one("#asked", Static).update(Content(harmless(words)))

    def _say(self, words: str) -> None:
        self.query_one("#wrong", Static).update(Content(harmless(words)))
