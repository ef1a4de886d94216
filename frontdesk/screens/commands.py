"""Every command of the desk, declared once: its key, label, help sentence and deed (look.md, Keys).

Footer, help, palette and remapping all read this declaration. One letter means one thing on every screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from frontdesk.permissions import Deed


@dataclass(frozen=True)
class Command:
    """Something a key does."""

    name: str
    """What `keys.toml` and the palette call it. The screen's method is `do_<name>`."""
    key: str
    """Textual's name of the key."""
    label: str
    """In the footer. Neighbours with one label share it: `< > day`."""
    help: str
    """A sentence for F1 and the palette."""
    deed: Deed | None = None
    """What a person must be allowed to do; nobody is asked before the service, but the key says so first."""
    in_footer: bool = True

    @property
    def is_letter(self) -> bool:
        """Whether the key is text in a field, and so a command on grids and lists only."""
        return len(self.key) == 1 or self.key in _SIGNS


_SIGNS = {
    "less_than_sign": "<", "greater_than_sign": ">", "question_mark": "?", "slash": "/", "colon": ":", "space": "space",
    "plus": "+", "minus": "−", "percent_sign": "%", "exclamation_mark": "!",
    "equals_sign": "=", "asterisk": "*",
}  # fmt: skip
_KEYS = {"enter": "enter", "escape": "esc", "delete": "del"}


def spoken_key(key: str) -> str:
    """A key as people see it on the keyboard: `F1`, `ctrl+p`, `<`."""
    first = key.split(",")[0]
    if first in _SIGNS:
        return _SIGNS[first]
    if len(first) > 1 and first[0] == "f" and first[1:].isdigit():
        return first.upper()
    return _KEYS.get(first, first)


# Everywhere
HELP = Command("help", "f1", "help", "Says what can be done here, and with which keys.")
CALENDAR = Command("calendar", "f2", "book", "Opens the book.", Deed.SEE_BOOK, in_footer=False)
CUSTOMERS = Command("customers", "f3", "customers", "Opens the customers.", Deed.SEE_CUSTOMERS, in_footer=False)
STYLISTS = Command("stylists", "f4", "stylists", "Opens the week of the stylists.", Deed.SEE_BOOK, in_footer=False)
CHECKOUT = Command("checkout", "f5", "checkout", "Opens the till.", Deed.SELL, in_footer=False)
TODAY = Command("today", "f6", "today", "Opens what the day came to.", Deed.SEE_TAKINGS, in_footer=False)
ADMIN = Command("admin", "f7", "admin", "Opens people, services, hours and settings.", Deed.SEE_BOOK, in_footer=False)
BOARD = Command(
    "board", "F", "board", "Opens the floor: who waits, is served, has to pay.", Deed.SEE_BOOK, in_footer=False
)
WAITLIST = Command("waitlist", "w", "waitlist", "Opens who waits for a time.", Deed.SEE_BOOK, in_footer=False)
QUEUE = Command("queue", "q", "walk-in", "Puts a walk-in into the queue, and shows whose turn it is.", Deed.SEE_BOOK)
CLASSES = Command(
    "classes",
    "Y",
    "classes",
    "Opens the classes of the day: seats, who is here, who waits.",
    Deed.SEE_BOOK,
    in_footer=False,
)
DRAWER = Command(
    "drawer", "D", "drawers", "Opens the drawers: float, count, cash in and out, the close.", Deed.USE_DRAWER,
    in_footer=False,
)  # fmt: skip
LOCK = Command("lock", "f8", "lock", "Locks the desk or hands it to somebody else; the screen stays.", in_footer=False)
PALETTE = Command("palette", "ctrl+p", "palette", "Finds any command by its name.", in_footer=False)
QUIT = Command("quit", "ctrl+q", "quit", "Closes the desk.", in_footer=False)
LINE = Command("line", "colon", "type", "Books what is typed: jane cut tue 3pm anna; or: move jane 4pm.", Deed.BOOK)
FIND = Command("find", "slash", "find", "Finds a customer by name, telephone or e-mail.", Deed.SEE_CUSTOMERS)
WHY = Command("why", "question_mark", "why?", "Explains what is under the cursor.", in_footer=False)
UNDO = Command("undo", "u", "undo", "Takes back the last booking action.", Deed.SEE_BOOK, in_footer=False)
REDO = Command("redo", "U", "redo", "Does again what was taken back.", Deed.SEE_BOOK, in_footer=False)
HISTORY = Command("history", "H", "history", "Shows who did what to this, and when.", Deed.SEE_BOOK, in_footer=False)
EARLIER = Command("earlier", "less_than_sign", "back, on", "Goes a day back; on a week's sheet, a week.")
LATER = Command("later", "greater_than_sign", "back, on", "Goes a day on; on a week's sheet, a week.")
NOW = Command("now", "t", "today", "Goes to today, and to now.")
GO = Command("go", "g", "go to", "Goes to a date in words: fri, 3 apr, in 2 weeks.")
VIEW = Command("view", "v", "view", "Shows the same in another way.")
ZOOM = Command("zoom", "z", "zoom", "Shows more or less of the day at once.", in_footer=False)
PRIVACY = Command("privacy", "I", "hide", "Hides what a customer should not see, until pressed again.", in_footer=False)
MARK = Command("mark", "space", "mark", "Marks what is under the cursor.", in_footer=False)
THEME = Command("theme", "f9", "theme", "Changes the colours: dark, light, contrast, colour-blind.", in_footer=False)

BACK = Command("back", "escape", "back", "Leaves what was begun.", in_footer=False)

# On a visit
BOOK = Command("book", "b", "book", "Books a visit here.", Deed.BOOK)
CONFIRM = Command("confirm", "c", "confirm", "The customer has said they will come.", Deed.BOOK, in_footer=False)
ARRIVE = Command("arrive", "a", "arrive", "The customer is here.", Deed.SERVE)
START = Command("start", "s", "start", "The service begins.", Deed.SERVE, in_footer=False)
FINISH = Command("finish", "d", "done", "The service is done.", Deed.SERVE, in_footer=False)
PAY = Command("pay", "p", "pay", "Takes the visit to the till.", Deed.SELL)
MOVE = Command("move", "m", "move", "Moves it: arrows, or m and a time; shift+arrows make it longer; enter.", Deed.BOOK)
EDIT = Command("edit", "e", "edit", "Changes what is under the cursor.")
CANCEL = Command("cancel", "x", "cancel", "Cancels the visit, with a reason.", Deed.BOOK, in_footer=False)
NO_SHOW = Command("no-show", "n", "no-show", "The customer did not come.", Deed.BOOK, in_footer=False)
OVERBOOK = Command("overbook", "o", "overbook", "Books it all the same, after a refusal.", in_footer=False)
BLOCK = Command("block", "k", "block", "Keeps time free of visits: a call, a lunch.", Deed.BOOK, in_footer=False)
REBOOK = Command("rebook", "r", "rebook", "Books the same again, another day.", Deed.BOOK, in_footer=False)
OPEN = Command("open", "enter", "open", "Opens what is under the cursor.", in_footer=False)
SWAP = Command("swap", "X", "swap", "Swaps the two visits that are marked.", Deed.BOOK, in_footer=False)
GROUP = Command("group", "B", "party", "Links the marked visits to one party.", Deed.BOOK, in_footer=False)
WEEK = Command("week", "W", "week", "Shows the week of this stylist, and the day again.", in_footer=False)
COLOURS = Command("colours", "C", "colours", "Colours by state or by kind of service.", in_footer=False)
AS_OF = Command("as-of", "J", "as it stood", "Shows the book as it stood at a moment, and now again.", in_footer=False)

# On those who wait
OFFER = Command("offer", "O", "offer", "Holds the time for whoever waits, or takes what they said to it.", Deed.BOOK)
LEAVE = Command("leave", "x", "leave", "Takes them off the list, with a reason.", Deed.BOOK)
ASSIGN = Command("assign", "enter", "give a turn", "Gives the walk-in to whose turn it is, now.", Deed.BOOK)
GIVE = Command("give", "G", "give to", "Gives the walk-in to somebody else than whose turn it is.", Deed.BOOK)
SKIP = Command("skip", "S", "skip", "Passes the turn on to the next, with a reason.", Deed.BOOK)

# On a ticket
ADD_LINE = Command(
    "add-line", "plus", "sell", "Sells more: a product, a gift card, a package, a fee, a deposit, another visit.",
    Deed.SELL,
)  # fmt: skip
REMOVE_LINE = Command("remove-line", "minus", "remove", "Takes the line off the ticket.", Deed.SELL, in_footer=False)
DISCOUNT = Command("discount", "percent_sign", "discount", "Gives a discount on the line or the ticket.", Deed.SELL)
TIP = Command("tip", "T", "tip", "Adds a tip, and whose it is.", Deed.SELL)
PARK = Command("park", "K", "park", "Puts the ticket aside; it waits at the top of the list.", Deed.SELL)
PRINT = Command("print", "P", "print", "Prints the receipt; after the first time it says COPY.", Deed.SELL)
USE = Command("use", "asterisk", "use", "Pays with what lies ready: sessions, a deposit, credit.", Deed.SELL)
PAYER = Command("payer", "N", "who pays", "Names the customer who pays.", Deed.SELL, in_footer=False)
QUOTE = Command(
    "quote", "equals_sign", "quote", "Shows or prints what it would come to, and sells nothing.", Deed.SELL,
    in_footer=False,
)  # fmt: skip
PRICE = Command(
    "price", "L", "price", "Types another price for the line, this once, or what was really done.", Deed.SELL,
    in_footer=False,
)  # fmt: skip
VOID = Command(
    "void", "V", "void", "Takes a whole sale back while its drawer is open, with a reason.", Deed.VOID, in_footer=False
)
REFUND = Command(
    "refund", "R", "refund", "Gives money back of an earlier receipt, with a reason.", Deed.REFUND, in_footer=False
)

# On the drawers
OPEN_DRAWER = Command(
    "open-drawer", "enter", "open, count", "Opens the drawer with its float, or counts and closes it.", Deed.USE_DRAWER
)
PAY_IN = Command("add-cash", "plus", "cash in", "Puts cash from elsewhere into the drawer.", Deed.USE_DRAWER)
PAY_OUT = Command(
    "remove-cash", "minus", "cash out", "Takes cash out: for something, to the safe, to another drawer, as tips.",
    Deed.USE_DRAWER,
)  # fmt: skip
NEW_DRAWER = Command("new-drawer", "M", "new drawer", "Adds a drawer to the shop.", Deed.EDIT_SHOP, in_footer=False)
LOOK = Command(
    "look", "l", "look", "Counts the drawer in between, blind as at the close; it stays open.", Deed.USE_DRAWER,
    in_footer=False,
)  # fmt: skip
X_REPORT = Command("x-report", "v", "X", "Shows what was sold since the last Z; resets nothing.", Deed.SEE_TAKINGS)
Z_AGAIN = Command("z-again", "P", "last Z", "Shows the last close again, as it was printed.", Deed.CLOSE_DAY)
CLOSE_DAY = Command("close-day", "Z", "close the day", "Closes the day, after what is still open.", Deed.CLOSE_DAY)

# On a stylist
EARNED = Command(
    "earned", "E", "pay", "Shows what they are paid, how each cent was reckoned, and the rules.", Deed.SEE_OWN_PAY
)
TIPS = Command(
    "tips", "T", "tips", "Shows whose the tips are, moves them, shares them by hours.", Deed.USE_DRAWER,
    in_footer=False,
)  # fmt: skip

# On a customer
HAS = Command(
    "has", "h", "has", "Puts right what they have: packages, points; and what they wait for.", Deed.SELL,
    in_footer=False,
)  # fmt: skip

# In lists
ADD = Command("add", "plus", "add", "Adds a new one.")
REMOVE = Command("remove", "minus", "remove", "Takes this away.")
ALERTS = Command(
    "alerts", "exclamation_mark", "alerts", "What everybody has to know when they come: an allergy, a warning.",
    Deed.SERVE, in_footer=False,
)  # fmt: skip
AGREED = Command("agreed", "A", "agreed", "Shows what was agreed with them: own lengths and prices.", in_footer=False)
ARCHIVE = Command("archive", "x", "archive", "Takes them out of the search; their history stays.", in_footer=False)
RESTORE = Command("restore", "Q", "let back", "Brings back whom you archived last.", in_footer=False)

EVERYWHERE = (
    HELP, CALENDAR, CUSTOMERS, STYLISTS, CHECKOUT, TODAY, ADMIN, BOARD, CLASSES, WAITLIST, QUEUE, DRAWER, LOCK,
    PALETTE, THEME, QUIT, PRIVACY, LINE, FIND, UNDO, REDO,
)  # fmt: skip
"""On every screen of the desk."""

MODES = (CALENDAR, CUSTOMERS, STYLISTS, CHECKOUT, TODAY, ADMIN, BOARD, CLASSES, WAITLIST, QUEUE, DRAWER)
"""The screens to switch between, in the order of their keys."""
