"""One typed line while it is being understood: what its stretches are called, how it reads with one said otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from frontdesk.rules.hearing import Again, Anyone, Ear, Heard, Meaning, Name, Soonest, Spoken, Unassigned, Without
from frontdesk.rules.often import Every, Times
from frontdesk.rules.phrase_sorting import every
from frontdesk.rules.phrase_wishes import Question, When
from frontdesk.rules.times import Length, Window, in_window, is_bare
from frontdesk.rules.vocabulary import Service, Stylist, title
from frontdesk.rules.when import Day, Fixed, InWeeks, Span, Until, Weekday, agree, day_name, day_of, one_day

DAY = Fixed | Weekday | InWeeks


@dataclass(frozen=True, slots=True)
class TypedLine:
    """The words, and what they are heard with."""

    typed: Spoken
    ear: Ear

    def option(self, stretch: Heard, meaning: Meaning) -> tuple[str, str]:
        """An answer: a stretch that means this and nothing else."""
        return self.label(stretch, meaning), self.line((stretch, self.rewritten(stretch, meaning)))

    def which(self, question: str, found: Sequence[tuple[Meaning, Heard]]) -> Question:
        """One of several, the others left out."""
        options = []
        for meaning, stretch in found:
            others = [(other, "") for _, other in found if other is not stretch]
            options.append(
                (self.label(stretch, meaning), self.line((stretch, self.rewritten(stretch, meaning)), *others))
            )
        return Question(question, tuple(dict(options).items()))

    def without(self, question: str, *stretches: Heard) -> Question:
        """Whether some stretches may be left out."""
        words = " ".join(stretch.words for stretch in stretches)
        return Question(question, ((f'without "{words}"', self.line(*((each, "") for each in stretches))),))

    def label(self, stretch: Heard, meaning: Meaning) -> str:
        """What a stretch is called when it means this."""
        vocabulary = self.ear.vocabulary
        if isinstance(meaning, time):
            return f"{meaning:%H:%M}"
        if isinstance(meaning, Service):
            return title(meaning, vocabulary)
        if isinstance(meaning, Stylist):
            return f"with {title(meaning, vocabulary)}"
        if isinstance(meaning, Without):
            return f"no {title(Service(meaning.service), vocabulary)}"
        if isinstance(meaning, Anyone | Unassigned):
            return "anyone" if isinstance(meaning, Anyone) else "unassigned"
        if isinstance(meaning, DAY):
            return day_name(day_of(meaning, None, self.ear.said))
        if isinstance(meaning, Span | Until | Window | Length | Every | Times | Soonest):
            return self.rewritten(stretch, meaning)
        return f"the customer {stretch.words}"

    def rewritten(self, stretch: Heard, meaning: Meaning) -> str:
        """Words that can mean nothing else."""
        said = self.ear.said
        if isinstance(meaning, DAY):
            return day_of(meaning, None, said).isoformat()
        if isinstance(meaning, Until):
            return f"until {day_of(meaning.day, None, said).isoformat()}"
        if isinstance(meaning, Window):
            return f"{meaning.day} {meaning.words}" if meaning.day else meaning.words
        if isinstance(meaning, Every):
            return meaning.words
        if isinstance(meaning, Length):
            return f"{meaning.minutes}m"
        if isinstance(meaning, Name):
            return f'"{stretch.words}"'
        return stretch.words if isinstance(meaning, Span | Times | Soonest) else self.label(stretch, meaning)

    def line(self, *changes: tuple[Heard, str]) -> str:
        """The whole line with some stretches said otherwise, or left out."""
        words = list(self.typed.words)
        for stretch, instead in changes:
            words[stretch.first : stretch.last] = [instead] + [""] * (stretch.last - stretch.first - 1)
        return self.joined(words)

    def joined(self, words: Sequence[str]) -> str:
        """As many words as were typed, some of them empty, with the commas where they were."""
        said, parted = list[str](), False
        for place, word in enumerate(words):
            parted = parted or place in self.typed.breaks
            if word and parted and said:
                said[-1] += ","
            if word:
                said.append(word)
                parted = False
        return " ".join(said)

    def when(self, stretches: Sequence[Heard]) -> When | Question:
        """The day and the time that a line says, or which of two it should be."""
        times, windows = every(stretches, time), every(stretches, Window)
        if len({at for at, _ in times}) > 1:
            return self.which("Which time?", times)
        window = _together([window for window, _ in windows])
        if windows and window is None:
            return self.which("Which time of the day?", windows)
        at = times[0][0] if times else None
        if at is not None and window is not None:
            fits = in_window(at, window) if is_bare(times[0][1].words) else at if at in window else None
            if fits is None:
                return self.which("Which time?", [*times, *windows])
            at = fits
        days = self._days(stretches, at, [w for w in windows if w[0].day is not None])
        if isinstance(days, Question):
            return days
        again = [meaning.second for meaning, _ in every(stretches, Again)]
        return When(
            days[0],
            days[1],
            time=at,
            window=None if at is not None else window,
            second=again[-1] if again else None,
            soonest=bool(every(stretches, Soonest)),
        )

    def _days(
        self, stretches: Sequence[Heard], at: time | None, dated: Sequence[tuple[Window, Heard]]
    ) -> tuple[date | None, date | None] | Question:
        said = self.ear.said
        days: list[tuple[Day, Heard]] = [
            *every(stretches, Fixed), *every(stretches, Weekday), *every(stretches, InWeeks),
            *((Fixed(window.day), stretch) for window, stretch in dated if window.day is not None),
            *((Weekday(each.weekday, next_week=False), stretch) for each, stretch in every(stretches, Every)
              if each.weekday is not None),
        ]  # fmt: skip
        spans, ends = every(stretches, Span), every(stretches, Until)
        if len({span for span, _ in spans}) > 1:
            return self.which("Which days?", spans)
        if not agree([day for day, _ in days]):
            return self._other_day(days)
        if len({day_of(end.day, None, said) for end, _ in ends}) > 1:
            return self.which("Until when?", ends)
        day = one_day([day for day, _ in days], at, said) if days else None
        last = day_of(ends[0][0].day, None, said) if ends else None
        if spans:
            within = _within(spans[0][0], [day for day, _ in days], day)
            if within is None:
                return self.which("Which day?", [*days, *spans])
            day, last = within.first, last or (within.last if within.last > within.first else None)
        if last is not None and day is not None and last < day:
            return self.without(f"{day_name(last)} is before {day_name(day)}.", *(stretch for _, stretch in ends))
        return day, last

    def _other_day(self, days: Sequence[tuple[Day, Heard]]) -> Question:
        fixed = {day.day for day, _ in days if isinstance(day, Fixed)}
        only_weekdays = len(fixed) == 1 and not any(isinstance(day, InWeeks) for day, _ in days)
        return self.which(f"{day_name(min(fixed))} is another day." if only_weekdays else "Which day?", days)


def _together(windows: Sequence[Window]) -> Window | None:
    """The stretch of the day that several have in common; None when there is none."""
    after = max((window.after for window in windows if window.after is not None), default=None)
    before = min((window.before for window in windows if window.before is not None), default=None)
    if not windows or (after is not None and before is not None and after >= before):
        return None
    return Window(after, before)


def _within(span: Span, days: Sequence[Day], day: date | None) -> Span | None:
    """The day of a span that is said beside it: "tue next week". The whole span when none is; None when it has none."""
    if day is None:
        return span
    indexes = {each.index for each in days if isinstance(each, Weekday)}
    if indexes and not any(isinstance(each, Fixed | InWeeks) for each in days):
        every_day = [span.first + timedelta(days=ahead) for ahead in range((span.last - span.first).days + 1)]
        hits = [each for each in every_day if each.weekday() in indexes]
        return Span(hits[0], hits[0]) if hits else None
    return Span(day, day) if span.first <= day <= span.last else None
