"""Links that nobody was sent, made from ones that somebody was, in every way a forger has."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from hikeshi.domain.errors import LinkError
from hikeshi.domain.links import ALPHABET, TOKEN_LENGTH, digest_of
from hikeshi.services.links.links import mint_link, open_link
from tests.builders import NOON, a_message, a_roster
from tests.fakes.links import FIRST_KEY, SECOND_KEY, FixedKeyRing, InMemoryLinkStore

ISSUED = 500
_LOOKALIKES = str.maketrans("AEKMHOPCTXaeopcx15", "АЕКМНОРСТХаеорсх１５")
_ENDS = ("\n", "\x00", "%00", "/", "?", "=", "1", " ")


class Desk:
    """Some hundred links that were sent, a few of them no longer good, and rows planted without a key."""

    def __init__(self) -> None:
        self.links = InMemoryLinkStore()
        self.roster = a_roster()
        people, numbers = tuple(self.roster.people), range(ISSUED)
        self.good = [self._mint(people[n % len(people)], incident=n % 7, nonce=n, key=n % 2) for n in numbers]
        self.dead = [self._mint(people[0], incident=9, nonce=ISSUED + n, key=0) for n in range(9)]
        for token in self.dead:
            digest = digest_of(token)
            self.links.grants[digest] = replace(self.links.grants[digest], revoked=True)
        self.planted = ["".join(Random(n).choices(ALPHABET, k=TOKEN_LENGTH)) for n in range(9)]  # noqa: S311  # repeatable
        for token in self.planted:
            grant = self.links.grants[digest_of(self.good[0])]
            self.links.put(replace(grant, digest=digest_of(token)))

    def _mint(self, person: str, *, incident: int, nonce: int, key: int) -> str:
        message = a_message(person_id=person, incident_id=f"inc-{incident}", nonce=f"{nonce:032x}")
        keys = FixedKeyRing((FIRST_KEY, SECOND_KEY)[key])
        return mint_link(message, links=self.links, keys=keys, environment="test", at=NOON)

    def accepts(self, token: str) -> bool:
        """Tell whether a link opens anything."""
        try:
            open_link(
                token,
                links=self.links,
                keys=FixedKeyRing(SECOND_KEY, FIRST_KEY),
                roster=self.roster,
                environment="test",
                at=NOON + timedelta(minutes=1),
            )
        except LinkError:
            return False
        return True


def _flip_a_bit(token: str, random: Random) -> str:
    place = random.randrange(len(token))
    return token[:place] + chr(ord(token[place]) ^ (1 << random.randrange(7))) + token[place + 1 :]


def _replace_some(token: str, random: Random) -> str:
    characters = list(token)
    for place in random.sample(range(len(token)), random.randint(1, 6)):
        characters[place] = random.choice(ALPHABET)
    return "".join(characters)


def _swap(token: str, random: Random) -> str:
    first, second = random.sample(range(len(token)), 2)
    characters = list(token)
    characters[first], characters[second] = characters[second], characters[first]
    return "".join(characters)


def _cut(token: str, random: Random) -> str:
    return token[: random.randrange(len(token))]


def _lengthen(token: str, random: Random) -> str:
    return token + random.choice(_ENDS) * random.randint(1, 3)


def _rotate(token: str, random: Random) -> str:
    by = random.randrange(1, len(token))
    return token[by:] + token[:by]


def _other_letters(token: str, random: Random) -> str:
    return random.choice([token.swapcase(), token.translate(_LOOKALIKES), token[::-1], token.lower()])


def _guess(_token: str, random: Random) -> str:
    return "".join(random.choices(ALPHABET, k=TOKEN_LENGTH))


def _garbage(_token: str, random: Random) -> str:
    return "".join(random.choices(string.printable + "あ🔥\u202e\ud800", k=random.randint(0, 40)))


WAYS: Sequence[Callable[[str, Random], str]] = (
    _flip_a_bit,
    _replace_some,
    _swap,
    _cut,
    _lengthen,
    _rotate,
    _other_letters,
    _guess,
    _garbage,
)


def forged(desk: Desk, *, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield forged links, each with the name of the way it was made; none of them was ever sent."""
    random, issued = Random(seed), set(desk.good)  # noqa: S311  # repeatable, and nothing depends on it
    made = 0
    while made < count:
        way = WAYS[made % len(WAYS)]
        token = way(random.choice(desk.good), random)
        if token not in issued:
            made += 1
            yield way.__name__, token


def accepted(*, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Try so many forged links; returns how many of each kind were tried, and those that opened."""
    desk, tried, opened = Desk(), Counter[str](), []
    for way, token in forged(desk, count=count, seed=seed):
        tried[way] += 1
        if desk.accepts(token):
            opened.append(f"{way}: {token!r}")
    return tried, opened
