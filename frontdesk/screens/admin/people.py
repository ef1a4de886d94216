"""People and PINs, and the terminals where a PIN is enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from frontdesk.errors import BadInput
from frontdesk.keeping import keep
from frontdesk.permissions import Deed, Role
from frontdesk.screens.admin.room import Room, choice
from frontdesk.screens.commands import Command
from frontdesk.screens.wishes import Wishes
from frontdesk.services.people import people
from frontdesk.services.people.people import Person, TerminalCard
from frontdesk.services.team.stylists import ListStylists, list_stylists
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer
from frontdesk.widgets.form import Filled
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontdesk.desk import Desk
    from frontdesk.services.people.people import ChangeSecret

_MAY = {
    Role.TRAINEE: "books and serves, never outside hours",
    Role.RECEPTIONIST: "the desk: books, sells, overbooks",
    Role.STYLIST: "sees the book, serves",
    Role.MANAGER: "the desk, takings, rates, hours, the menu",
    Role.ADMIN: "everything",
    Role.AUDITOR: "reads everything, changes nothing",
}
_ROLES = tuple(Offer(role.value, f"{role.value}: {may}") for role, may in _MAY.items())


class PeopleRoom(Room[Person]):
    """Who may sign in, as what, and their PINs."""

    NAME = "People and PINs"
    ABOUT = "who may sign in, as what, with which PIN"
    EXPLAINED = """A PIN signs in at a registered terminal, a password anywhere. A new PIN or password ends that
person's other sign-ins. Whoever is disabled can't sign in any more; what they did stays theirs, in the book and in the
history. Your own PIN you may always change: enter on your name."""
    COLUMNS = (Column("Name"), Column("Signs in as", 14), Column("Role", 13), Column("", 9))
    CAN = frozenset({"open", "add", "edit", "remove", "view"})
    DEED = Deed.EDIT_PEOPLE

    async def things(self) -> Sequence[tuple[object, Person]]:
        """Everybody, those who left only when asked for."""
        found = await self.screen.ask(people.list_users, people.ListUsers())
        return [(one.id, one) for one in found.people if one.is_active or self.everything]

    def line(self, thing: Person) -> tuple[tuple[str, ...], str]:
        """Name, sign-in name, role, and whether they left."""
        own = "you" if thing.id == self.desk.actor.user_id else ""
        cells = (thing.name, thing.login, thing.role.value, own if thing.is_active else "disabled")
        return cells, "" if thing.is_active else "fd-muted"

    def words(self, thing: Person) -> Content:
        """What the role may do."""
        return Content(f"{harmless(thing.name)}, {thing.role.value}: {_MAY[thing.role]}.")

    def empty(self) -> str:
        """There is always somebody."""
        return "Nobody may sign in. + adds somebody."

    async def add(self) -> None:
        """A name, a role, a PIN or a password."""
        serving = (await self.screen.ask(list_stylists, ListStylists())).stylists
        wishes = Wishes()

        async def save(filled: Filled) -> Person:
            return await self.screen.ask(
                people.add_user,
                people.AddUser(
                    login=filled["login"] or filled["name"].split(" ")[0].lower(),
                    name=filled["name"],
                    role=_role(filled),
                    pin=filled["pin"] or None,
                    password=filled["password"] or None,
                    stylist_id=int(filled.picked["stylist"]) if filled.picked["stylist"] else None,
                    request_id=wishes.id_for(filled),
                ),
            )

        added = await self.form(
            "person",
            "Somebody new who signs in",
            [
                Field("name", "Name", hint="what the book calls them"),
                Field("login", "Signs in as", hint="their first name, in small letters"),
                choice("role", "Role", _ROLES, Role.RECEPTIONIST.value),
                choice(
                    "stylist", "Is the stylist", [Offer(str(s.id), s.name) for s in serving], "", hint="if they are"
                ),
                Field("pin", "PIN", secret=True, hint="four to eight digits, for this terminal"),
                Field("password", "Password", secret=True, hint="ten characters or more, for anywhere else"),
            ],
            save,
        )
        if added:
            self.done(f"{added.name} can sign in as {added.login}.", added.id)

    async def open(self, thing: Person) -> None:
        """Their PIN, their password, and the rest."""
        leave = Answer("d", "disable them", "d") if thing.is_active else Answer("r", "let them in again", "r")
        answers = [Answer("p", "a new PIN", "p"), Answer("w", "a new password", "w"), Answer("e", "name and role", "e")]
        about = f"{thing.name}, {thing.role.value}, signs in as {thing.login}"
        wish = await self.screen.app.wait_for(Question(about, [*answers, leave]))
        refused = None if wish in ("p", "w") else self.refusal(self.DEED)
        if wish and refused:
            self.screen.say(refused, "amber")
        elif wish == "p":
            await self._secret(thing, "PIN", people.set_pin)
        elif wish == "w":
            await self._secret(thing, "password", people.set_password)
        elif wish == "e":
            await self.edit(thing)
        elif wish:
            await self.remove(thing)

    async def edit(self, thing: Person) -> None:
        """Another name or role."""
        wishes = Wishes()

        async def save(filled: Filled) -> Person:
            wish = people.EditUser(
                user_id=thing.id, name=filled["name"], role=_role(filled), request_id=wishes.id_for(filled)
            )
            return await self.screen.ask(people.edit_user, wish)

        fields = [Field("name", "Name", value=thing.name), choice("role", "Role", _ROLES, thing.role.value)]
        changed = await self.form(f"person {thing.id}", f"{thing.name}, who signs in as {thing.login}", fields, save)
        if changed:
            self.done(f"{changed.name} is {changed.role.value} from now on.")

    async def remove(self, thing: Person) -> None:
        """Disable somebody, or let them in again."""
        if not thing.is_active:
            if await self.screen.write(people.enable_user, people.EnableUser(user_id=thing.id)):
                self.done(f"{thing.name} can sign in again.")
            return
        lost = (
            f"{thing.name} is signed out everywhere at once and can't sign in any more. What {thing.name} did stays in "
            "the book and in the history. An admin can let them in again."
        )
        if not await self.sure(lost, f"disable {thing.name}"):
            return
        if await self.screen.write(people.disable_user, people.DisableUser(user_id=thing.id)):
            self.done(f"{thing.name} can't sign in any more. v shows who is disabled.")

    async def _secret(self, thing: Person, what: str, service: Callable[[Desk, ChangeSecret], Person]) -> None:
        wishes = Wishes()

        async def save(filled: Filled) -> Person:
            if filled.typed["secret"] != filled.typed["again"]:
                raise BadInput(f"The two are not the same {what}. Type it again.", field="again")
            wish = people.ChangeSecret(
                user_id=thing.id, secret=filled.typed["secret"], request_id=wishes.id_for(filled)
            )
            return await self.screen.ask(service, wish)

        fields = [
            Field("secret", f"New {what}", secret=True),
            Field("again", "Once more", secret=True, hint="so that no slip locks them out"),
        ]
        if await self.form(f"{what} {thing.id}", f"A new {what} for {thing.name}", fields, save):
            self.done(f"{thing.name} has a new {what}; their other sign-ins have ended.")


def _role(filled: Filled) -> Role:
    if not filled.picked["role"]:
        raise BadInput("Choose a role from the list.", field="role")
    return Role(filled.picked["role"])


class TerminalsRoom(Room[TerminalCard]):
    """The shop's terminals."""

    NAME = "Terminals"
    ABOUT = "where a PIN is enough to sign in"
    EXPLAINED = """A registered terminal keeps a secret in a file that only its own user can read; there a PIN signs
in. + registers the terminal you sit at. A disabled one wants name and password again."""
    COLUMNS = (Column("No.", 4, right=True), Column("Terminal"), Column("Shop"), Column("", 9))
    CAN = frozenset({"open", "add", "remove", "view"})
    DEED = Deed.EDIT_PEOPLE

    async def things(self) -> Sequence[tuple[object, TerminalCard]]:
        """Those in use, the lost ones only when asked for."""
        found = await self.screen.ask(people.list_terminals, people.ListTerminals())
        return [(one.id, one) for one in found.terminals if one.is_active or self.everything]

    def line(self, thing: TerminalCard) -> tuple[tuple[str, ...], str]:
        """Number, name, shop, and whether it is lost."""
        cells = (str(thing.id), thing.name, thing.shop, "" if thing.is_active else "disabled")
        return cells, "" if thing.is_active else "fd-muted"

    def empty(self) -> str:
        """How to have one."""
        return "No terminal is registered, so PINs are good nowhere. + registers this one."

    def cannot(self, command: Command, thing: TerminalCard | None) -> str | None:
        """A lost one stays lost."""
        if thing is not None and not thing.is_active and command.name == "remove":
            return f"{thing.name} is disabled already. + registers the terminal you sit at."
        return None

    async def open(self, thing: TerminalCard) -> None:
        """Where its secret lies."""
        kept = self.screen.app.settings.terminal_file
        here = (
            f"This machine keeps a secret in {kept}." if self.screen.app.terminal_secret else "This machine has none."
        )
        await self.screen.read(f"{thing.name}, {thing.shop}", f"Number {thing.id}. A PIN is enough there.\n\n{here}")

    async def add(self) -> None:
        """Register the terminal one sits at: its secret goes into a file of mode 0600."""
        app, wishes = self.screen.app, Wishes()

        async def save(filled: Filled) -> people.Registered:
            wish = people.RegisterTerminal(name=filled["name"], request_id=wishes.id_for(filled))
            made = await self.screen.ask(people.register_terminal, wish)
            if made.secret:  # it is said once; a repeated request leaves the file as it is
                keep(app.settings.terminal_file, made.secret)
                app.terminal_secret = made.secret
            return made

        async def preview(filled: Filled) -> str:
            before = "Its old secret is replaced. " if app.terminal_secret else ""
            return f"{before}PINs are good here from then on."

        title = f"Register this terminal at {self.desk.shop.name}"
        made = await self.form(
            "terminal", title, [Field("name", "Name", hint="front desk left")], save, preview=preview
        )
        if made:
            self.done(f"{made.name} is registered; its secret lies in {app.settings.terminal_file}.")

    async def remove(self, thing: TerminalCard) -> None:
        """A terminal that was lost or given away."""
        lost = f"No PIN is enough at {thing.name} any more: whoever sits there signs in with name and password."
        if not await self.sure(lost, f"disable {thing.name}"):
            return
        if await self.screen.write(people.disable_terminal, people.DisableTerminal(terminal_id=thing.id)):
            self.done(f"{thing.name} is disabled.")
