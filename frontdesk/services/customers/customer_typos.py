"""Words that nobody has, replaced by what somebody has: the typo in a name forgiven (features PE1).

Private to the search of customers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import text
from sqlmodel import Session

from frontdesk.rules.search_words import Word, beginnings_until

_GUESSES, _TRIES = 4, 12
"""So many names are tried for a word, the closest first, and so many searches in all."""

_BEGUN = 5
"""From so many letters on, a longer name is compared as far as was typed; fewer are the beginning of too many."""


def forgiven_words(session: Session, words: Sequence[Word]) -> Iterator[list[Word]]:
    """The same search with names spelt otherwise, fewest letters changed first; nothing when none is close.

    A telephone number is never guessed at, nor the first letter of a name.
    """
    guesses = [_guesses(session, word) for word in words]
    ways = [way for way in product(*guesses) if any(slips for slips, _ in way)]
    ways.sort(key=lambda way: sum(slips for slips, _ in way))
    for way in islice(ways, _TRIES):
        yield [word for _, word in way]


def _guesses(session: Session, word: Word) -> list[tuple[int, Word]]:
    """How many letters are wrong, and the word that was perhaps meant; the word itself first."""
    itself = (0, word)
    if not word.is_name or len(word.said) < 3:
        return [itself]
    heads = session.execute(_HEADS, {"from": word.said[0], "until": beginnings_until(word.said[0])}).scalars().all()
    begun = {head: head for head in heads}
    if len(word.said) >= _BEGUN:
        begun = {head[: len(word.said)]: head for head in reversed(heads)} | begun
    close = process.extract(
        word.said, list(begun), scorer=OSA.distance, score_cutoff=1 if len(word.said) < 6 else 2, limit=_GUESSES
    )
    meant = {begun[head]: int(slips) for head, slips, _ in close if slips and begun[head] != word.said}
    guessed = [(slips, replace(word, said=head, beginnings=(head,), paired=(head,))) for head, slips in meant.items()]
    return [itself, *sorted(guessed, key=lambda guess: guess[0])]


# Names only, each once: from one to the next by the index, over all e-mail addresses that begin with a name.
_HEADS = text("""
    WITH RECURSIVE heads AS (
        (SELECT token FROM customer_tokens WHERE token ~>=~ :from AND token ~<~ :until
          ORDER BY token USING ~<~ LIMIT 1)
        UNION ALL
        SELECT next.token FROM heads CROSS JOIN LATERAL (
            SELECT t.token FROM customer_tokens t
             WHERE t.token ~>=~ (substring(heads.token from '^[^@._+0-9-]*') || 'a') AND t.token ~<~ :until
             ORDER BY t.token USING ~<~ LIMIT 1) next
    )
    SELECT DISTINCT substring(token from '^[^@._+0-9-]*') FROM heads LIMIT 20000
""")
