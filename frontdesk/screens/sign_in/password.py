"""Name and password, for terminals that are not registered and people without a PIN. Imported when it is needed."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input


class PasswordBox(Vertical):
    """Two fields below each other."""

    class Typed(Message):
        """Both are typed."""

        def __init__(self, login: str, password: str) -> None:
            super().__init__()
            self.login = login
            self.password = password

    def __init__(self) -> None:
        super().__init__(id="password-box")

    def compose(self) -> ComposeResult:
        """Name, password."""
        yield Input(placeholder="Name", id="login")
        yield Input(placeholder="Password", password=True, id="password")

    def on_mount(self) -> None:
        """The name first."""
        self.query_one("#login").focus()

    def forget(self) -> None:
        """The password was wrong; the name stays."""
        self.query_one("#password", Input).value = ""

    @on(Input.Submitted, "#login")
    def _name_typed(self) -> None:
        self.query_one("#password").focus()

    @on(Input.Submitted, "#password")
    def _password_typed(self, typed: Input.Submitted) -> None:
        login = self.query_one("#login", Input).value.strip()
        if not login:
            self.query_one("#login").focus()
        self.post_message(self.Typed(login, typed.value))
