"""What one screen asks of another: posted through the app, which switches (`FrontDesk.pass_on`)."""

from __future__ import annotations

from textual.message import Message


class BookFor(Message):
    """Book a visit for this customer. To the calendar."""

    def __init__(self, customer_id: int, name: str) -> None:
        super().__init__()
        self.customer_id = customer_id
        self.name = name


class PayFor(Message):
    """Take a visit to the till. To the checkout."""

    def __init__(self, appointment_id: int) -> None:
        super().__init__()
        self.appointment_id = appointment_id


class GoTo(Message):
    """Show a visit in the book. To the calendar."""

    def __init__(self, appointment_id: int) -> None:
        super().__init__()
        self.appointment_id = appointment_id


class FindCustomer(Message):
    """Look somebody up. To the customers, into the search field."""


class OpenLine(Message):
    """Book by typing. To the calendar, onto its line."""


class ShowClass(Message):
    """Show a class with its seats. To the classes."""

    def __init__(self, session_id: int) -> None:
        super().__init__()
        self.session_id = session_id


class EnterRoom(Message):
    """Go into a room of the admin screen, by its name. To the admin screen."""

    def __init__(self, room: str) -> None:
        super().__init__()
        self.room = room
