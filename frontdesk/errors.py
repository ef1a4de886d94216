"""Every "no" frontdesk can say, in the receptionist's words."""

from __future__ import annotations


class Refusal(Exception):
    """That can't be done now."""

    # The class's docstring is the sentence shown; `{name}` parts are filled from the keyword arguments, and the
    # arguments travel beside the sentence so that a program can read them from the JSON answer.

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.sentence = " ".join((type(self).__doc__ or "").split()).format(**facts)
        super().__init__(self.sentence)

    @property
    def code(self) -> str:
        """The refusal's name for programs: `SlotTaken`."""
        return type(self).__name__


class Unreachable(Refusal):
    """The database can't be reached ({reason}). Nothing was saved; try again in a moment."""


class OutcomeUnknown(Refusal):
    """The database went away while saving, and whether it was saved is not known. Send the same request again with
    its key {request_id}: it is never done twice."""


class Busy(Refusal):
    """Another terminal is saving the same thing right now. Nothing was changed; try again."""


class NotAllowed(Refusal):
    """{who} may not {deed}. {remedy}"""


class NotSignedIn(Refusal):
    """Nobody is signed in here, or the sign-in has ended. Sign in with frontdesk login."""


class BadInput(Refusal):
    """{problem}"""

    # For text that can't be understood: the sentence names the field, what is wrong and what would be right.

    def __init__(self, problem: str, *, field: str | None = None) -> None:
        super().__init__(problem=problem.replace("{", "(").replace("}", ")"), field=field)
        self.sentence = problem


class SameKeyOtherWish(Refusal):
    """The key {request_id} was already used for something else. Use a new key for a new request."""


class NotFound(Refusal):
    """There is no {what} {name}. {remedy}"""

    def __init__(self, *, what: str, name: object, remedy: str = "") -> None:
        super().__init__(what=what, name=name, remedy=remedy)
        self.sentence = self.sentence.strip()


class ChangedMeanwhile(Refusal):
    """{who} changed this while you were typing. What you typed is kept; look at what is there now and save again."""


class LoginTaken(Refusal):
    """Somebody already signs in with that name. Choose another."""


class NameTaken(Refusal):
    """That name or code is already in use here. Choose another."""


class WrongSecret(Refusal):
    """The name and the {secret} do not fit.{wait}"""

    def __init__(self, *, secret: str, wait_seconds: int = 0) -> None:
        wait = f" Too many tries: wait {_spoken_wait(wait_seconds)}, then try again." if wait_seconds else " Try again."
        super().__init__(secret=secret, wait=wait, wait_seconds=wait_seconds)


class PasswordNeeded(Refusal):
    """Whoever signed in with a PIN can't set a password. Sign in with your password first."""


class SlotTaken(Refusal):
    """That time has just been taken. Look for another with frontdesk free."""


class StylistTaken(SlotTaken):
    """{stylist} is taken {taken} by {customer} (booked by {booked_by}, {booked_at}). {instead}"""


class GivesClass(StylistTaken):
    """{stylist} gives {customer} {taken}. {instead}"""


class NothingFree(SlotTaken):
    """Nobody who does {service} is free at {time}. {instead}"""


class CustomerElsewhere(Refusal):
    """That customer already has a visit at that time. Choose another time, or book it for a guest."""


class CustomerBusy(CustomerElsewhere):
    """{customer} already has {visit} {taken}. Choose another time, or book it for a guest."""


class OutsideShift(Refusal):
    """{stylist} {why}. {instead}"""


class InThePast(Refusal):
    """{time} is in the past. Choose a later time, or enter it as a past visit."""


class CannotDo(Refusal):
    """{stylist} does not do {service}. {instead}"""


class WrongStage(Refusal):
    """Visit {visit} is {status}: it can't be {wish} now. {remedy}"""


class NoResource(SlotTaken):
    """No {kind} is free for {service} at {time}: {taken}. {instead}"""


class NothingAsked(Refusal):
    """A visit needs at least one service. Say which."""


class ReasonMissing(Refusal):
    """That needs a reason. Say why in a few words."""


class AlreadyPaid(Refusal):
    """That visit is already paid."""


class SaleClosed(Refusal):
    """That sale is closed, and nothing closed is edited. Make a refund or a correction."""


def _spoken_wait(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"


class NothingToPay(Refusal):
    """There is nothing on this ticket. Add a visit or a product first."""


class ApprovalCodeMissing(Refusal):
    """A card payment needs the card terminal's approval code. Type the code that the terminal shows."""


class AlreadyAway(Refusal):
    """{stylist} is already away {when}. Change or remove that time off instead."""


class NothingToTakeBack(Refusal):
    """There is nothing of today to take back here. What somebody else did is theirs to take back."""


class NothingToDoAgain(Refusal):
    """Nothing was taken back that could be done again."""


class ChangedSince(ChangedMeanwhile):
    """{who} has changed visit {visit} of {customer} since you {did} it. Look at where it stands, and change it by
    hand."""


class NotOnShelf(Refusal):
    """A product on the ticket is not on the shelf any more, and this shop sells only what is there. Count it, receive
    it, or take it off the ticket and note who wants it: h on their page."""


class WishOpen(Refusal):
    """They wait for that product already, and their wish is still open. Look at what they want on their page."""


class PaidSince(AlreadyPaid):
    """Visit {visit} of {customer} is paid, and money is never taken back from the book. Void or refund its ticket at
    the till first."""


class LastAdmin(Refusal):
    """{name} is the last admin, and without one nobody can be let in. Make somebody else an admin first."""


class FeeUndecided(Refusal):
    """Leaving now costs {fee}: {words}. Say what of it is asked for, or why it is let pass."""


class FeeTooHigh(Refusal):
    """{fee} is more than the policy asks for. Ask for {proposed} at most."""


class FeePaid(AlreadyPaid):
    """The fee of visit {visit} is paid, and money is never taken back from the book. Refund its ticket at the till
    first."""


class AddonUnasked(Refusal):
    """{service} needs an answer before it is booked: {addon} {minutes}m {price}, yes or no?"""


class AddonAlone(Refusal):
    """{addon} is added to another service: +{word}."""


class BeingBooked(SlotTaken):
    """{who} is booking {time} there. {instead}"""


class KeptForSomebody(SlotTaken):
    """{time} with {stylist} is held for {customer} until {until}. {instead}"""


class WaitTooLong(Refusal):
    """The customer would wait {minutes} minutes between {first} and {second}, and {limit} is the longest here. Move
    the whole visit, or book {second} as a visit of its own."""


class LinesOverlap(Refusal):
    """{first} and {second} of the same visit would lie over each other. Choose another time for it."""


class NotWaiting(Refusal):
    """{who} is not waiting any more: {why}. {remedy}"""


class OfferLapsed(Refusal):
    """The offer of {time} to {who} lapsed at {at}. {remedy}"""


class OfferAnswered(Refusal):
    """The offer of {time} to {who} was {answer} already. {remedy}"""


class NobodyFree(Refusal):
    """Nobody who does {service} is free for it now. {instead}"""


class OthersTurn(Refusal):
    """It is {whose} turn, not {stylist}'s. Say why the turn is passed on, or give them to {name}."""


class AlreadyOffered(Refusal):
    """{who} is being offered {time} until {until}. Wait for the answer, or withdraw that offer first."""


class OfferTaken(SlotTaken):
    """{time} can't be offered: {why}. {instead}"""


class LinePaid(AlreadyPaid):
    """{service} of visit {visit} is paid, and its ticket stays as it is. Refund it at the till first, then change
    it."""


class OnlyLine(Refusal):
    """{service} is all that is left of visit {visit}. Cancel the visit instead."""


class LineAway(WrongStage):
    """{service} of visit {visit} is {status}: it can't be {wish} now. {remedy}"""


class ChangedVisit(ChangedMeanwhile):
    """{who} has changed visit {visit} of {customer} meanwhile. Nothing was done; look at where it stands now, and try
    again."""


class BookedMeanwhile(ChangedMeanwhile):
    """Visit {visit} of {customer} has come into the book meanwhile. Nothing was done; look at a new proposal."""


class PayClosed(Refusal):
    """The pay of that day is closed and stays as it was stated. Write an adjustment dated in a period that is open."""


class TipsPaid(PayClosed):
    """The pay of that day is closed, and its tips with it. Write an adjustment dated in a period that is open."""


class TipsPooled(Refusal):
    """That tip is in a pool that was shared out. Take the pool back first: T on the stylists screen, − on the pool."""


class PeriodsOverlap(Refusal):
    """Another pay period has some of those days. Look at the periods, and choose days that are in none."""


class EarnedInPeriod(Refusal):
    """Somebody has earned on those days already, so the period keeps its end. Choose the next one's days instead."""


class RuleTaken(Refusal):
    """Somebody has just set such a rule from the same day on. Look at the list, and set it again if it is not right."""


class RuleUsed(Refusal):
    """Somebody has earned by that rule, so it stays as it is. End it, and set another from a later day on."""


class MoreThanWasPaid(Refusal):
    """More would go back than is left of that sale: somebody has given some back meanwhile. Look at the receipt again,
    and give back what is left."""


class VoidedAlready(Refusal):
    """Receipt {number} was voided. Nothing of it is left to give back."""


class RefundOfRefund(Refusal):
    """Receipt {number} gives money back itself, and nothing goes back of it. Look at receipt {of} instead."""


class VoidAfterClose(Refusal):
    """The drawer of that sale is counted or its day is closed, so it can't be voided any more. Give the money back as a
    refund."""


class DrawerOpenAlready(Refusal):
    """That drawer is open already. Count and close it first."""


class DrawerOpenSince(DrawerOpenAlready):
    """{drawer} is open since {since} ({who}). Count and close it first; what is in it is never assumed."""


class DrawerClosedMeanwhile(Refusal):
    """That drawer has been closed meanwhile. Nothing was saved; open a drawer, or take another that is open."""


class DrawerClosedBy(DrawerClosedMeanwhile):
    """{drawer} was closed by {who}, {when}. Nothing was saved; open it again, or take another that is open."""


class CountAgain(Refusal):
    """Cash went in or out of that drawer after it was counted. Count it again, then close it."""


class DrawersNotCounted(Refusal):
    """A drawer is still open. Count and close every drawer, then close the day."""


class CouponUsedUp(Refusal):
    """This coupon is used up. Take it off the ticket."""


class CouponUsedByCustomer(CouponUsedUp):
    """This customer has used that coupon as often as it allows. Take it off the ticket."""


class SpentMeanwhile(Refusal):
    """Not that much is left there any more: it has just been used. Look at what is left, and take the rest another
    way."""


class AccountFull(Refusal):
    """That is more than they may owe by now. Take the rest another way, or raise the account's limit."""


class NotOwed(Refusal):
    """Not that much is owed any more. Look at what is open on the account, and take that."""


class VoucherUsed(Refusal):
    """That voucher was taken here before. Check its code, or take another tender."""


class NotToCome(Refusal):
    """Not that much is still to come of it: it has arrived, or was given back. Look at the list again."""


class PackageUsedUp(Refusal):
    """No session for that is left of the package. Sell another, or pay another way."""


class SessionsGoWhole(Refusal):
    """A session of a package goes with its whole line, neither more nor less. Take all of that line, or none of it."""


class PointsUsedUp(Refusal):
    """There are not so many points left. Take fewer, and the rest another way."""


class PackageFrozenThen(Refusal):
    """The package is frozen on some of those days already. Choose others, or end that freeze first."""


class CardPaymentUsed(Refusal):
    """That charge of the card terminal has paid for another ticket. Look at the open charges, or charge anew."""


class CardPaymentUnfit(Refusal):
    """That charge of the card terminal is not approved, of another amount, or given back. Look at the open charges."""


class CardRefundTooMuch(Refusal):
    """Only what an approved charge took can go back to the card, and no more than is left of it. Look at the charge."""


class CardNumberTyped(Refusal):
    """That looks like a card's number, and those are never kept here. Leave it out; the last four digits will do."""
