"""Mixed submissions for the drill, made anew from a seed: our own sentences, nobody's real words.

The shares are those of a national consultation of 13,075 submissions: one in forty is sent twice, one in a thousand
offends. One in twenty-five has personal data in it, one in a hundred is about something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random

PLACES = ("het Prinsenpark", "de Dorpsstraat", "het Stationsplein", "de Havenkade", "wijk Zuid", "het sportveld")
THINGS = ("bankjes", "fietsenrekken", "lantaarns", "bomen", "een zebrapad", "een speeltuin", "prullenbakken")
WHOM = ("ouderen", "kinderen", "wie slecht ter been is", "bewoners van de flats", "fietsers", "nieuwe inwoners")
WHY = (
    "Nu is er niets, en dat mist iedereen die hier langskomt.",
    "Mijn buren zeggen hetzelfde, al jaren.",
    "Het kost weinig en je hebt er elke dag plezier van.",
    "In het dorp hiernaast werkt het al goed.",
)
TELLING = ("Bel mij op 06 1234 5678.", "Mijn buurman woont op Dorpsstraat 12.", "Mail mij: jan@dorp.example.")
FOREIGN = (
    ("en", "Please put benches at {place}, so that {whom} can sit down for a moment. Number {number}."),
    ("de", "Bitte stellen Sie Bänke auf: {place}. Das hilft vielen Leuten hier. Nummer {number}."),
    ("fr", "Mettez des bancs ici: {place}. Beaucoup de gens en ont besoin. Numéro {number}."),
)


class Sort(StrEnum):
    """What a moderator will make of it."""

    FINE = "fine"
    PERSONAL = "personal"
    OFF_TOPIC = "off_topic"
    OFFENSIVE = "offensive"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One thing that somebody sends in, and how."""

    number: int
    sort: Sort
    body: str
    language: str = "nl"
    is_paper: bool = False
    is_sent_twice: bool = False

    @property
    def email(self) -> str:
        """Everybody sends in one."""
        return f"inzender{self.number}@waterveen.example"


def submissions(number: int, *, seed: int = 1) -> Iterator[Submission]:
    """So many; the same ones for the same seed."""
    drawn = Random(seed)  # noqa: S311 - texts for a test
    every = {Sort.OFFENSIVE: max(1, round(number / 1000)), Sort.PERSONAL: round(number / 25)}
    every |= {Sort.OFF_TOPIC: max(3, round(number / 100))}
    sorts = [sort for sort, many in every.items() for _ in range(many)]
    sorts += [Sort.FINE] * (number - len(sorts))
    drawn.shuffle(sorts)
    twice = set(drawn.sample(range(number), round(number / 40)))
    for one, sort in enumerate(sorts):
        is_twice = one in twice
        language, body = _text(drawn, sort, one)
        is_paper = not is_twice and drawn.random() < 0.08
        yield Submission(number=one, sort=sort, body=body, language=language, is_paper=is_paper, is_sent_twice=is_twice)


def _text(drawn: Random, sort: Sort, number: int) -> tuple[str, str]:
    place, thing, whom = drawn.choice(PLACES), drawn.choice(THINGS), drawn.choice(WHOM)
    if sort is Sort.FINE and drawn.random() < 0.06:
        language, words = drawn.choice(FOREIGN)
        return language, words.format(place=place, whom=whom, number=number)
    wish = f"Zet {thing} bij {place}, dan hebben {whom} er wat aan. {drawn.choice(WHY)} Inzending {number}."
    if sort is Sort.PERSONAL:
        telling = drawn.choice(
            ("Bel mij op 06 1234 5678.", "Mijn buurman woont op Dorpsstraat 12.", "Mail mij: jan@dorp.example.")
        )
        return "nl", f"{wish} {telling}"
    if sort is Sort.OFF_TOPIC:
        return "nl", f"De zomertijd moet worden afgeschaft in heel Europa. Inzending {number}."
    if sort is Sort.OFFENSIVE:
        return "nl", f"Wie dit bedacht is een waardeloze sukkel en moet oprotten. Inzending {number}."
    return "nl", wish
