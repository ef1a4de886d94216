"""From gaps to start times: every start that fits and no other, against looking at each one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.intervals import joined
from frontdesk.rules.openings import Gap, Span, open_starts, spans_joined

gaps = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 30)), max_size=5).map(
    lambda them: joined((start, start + length) for start, length in them)
)
spans = st.lists(
    st.tuples(st.integers(-5, 30), st.integers(1, 15)).map(lambda s: Span(*s)), min_size=1, max_size=3
).map(spans_joined)


def _fits(start: int, gaps: list[Gap], spans: tuple[Span, ...]) -> bool:
    return all(any(a <= start + s.offset and start + s.offset + s.length <= b for a, b in gaps) for s in spans)


@given(gaps=gaps, spans=spans, step=st.sampled_from([1, 5, 15]), earliest=st.integers(0, 60))
def test_exactly_the_starts_that_fit_are_offered(
    gaps: list[Gap], spans: tuple[Span, ...], step: int, earliest: int
) -> None:
    offered = open_starts(gaps, spans, step=step, earliest=earliest, latest=100)
    assert offered == [start for start in range(earliest, 100) if start % step == 0 and _fits(start, gaps, spans)]


def test_a_visit_may_reach_over_somebody_else_s_time_while_it_waits() -> None:
    colour = (Span(0, 30), Span(75, 30))
    assert open_starts([(0, 30), (75, 105)], colour, step=15, earliest=0, latest=60) == [0]


def test_parts_that_touch_are_looked_for_as_one() -> None:
    assert spans_joined([Span(30, 30), Span(0, 30), Span(75, 15)]) == (Span(0, 60), Span(75, 15))
