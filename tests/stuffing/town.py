"""A town that gives support: who, from which network, for what, when. Drawn from a seed; nothing of the product in it.

What honest people do is drawn from what is known of such places, not from what the rule can tell apart: one in four
supports comes from a place that many share. An attack has the size of Breda's (7,000 of 7,900 from fifty networks),
in the ways that `ATTACKS` names.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

DAYS = 14
IDEAS = 40
GENUINE = 900
FAKED = 7_000
NETWORKS = 50
MAIL = {
    "gmail.com": 34,
    "hotmail.com": 17,
    "ziggo.nl": 11,
    "kpnmail.nl": 9,
    "outlook.com": 9,
    "live.nl": 6,
    "icloud.com": 5,
    "planet.nl": 4,
    "home.nl": 2,
    "xs4all.nl": 2,
    "proton.me": 1,
}


@dataclass(frozen=True)
class Given:
    """One support: `at` in seconds since the consultation opened, `waited` between the letter and its link."""

    at: float
    network: str
    idea: int
    host: str
    waited: float
    was_here: bool
    is_faked: bool
    place: str


@dataclass
class Town:
    """Draws a crowd. `popular` is how much people like each idea: a few a lot, most a little."""

    seed: int
    given: list[Given] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - a town, not a secret
        self.popular = [1 / (rank + 1) ** 0.7 for rank in range(IDEAS)]
        self.random.shuffle(self.popular)
        self.target = self.random.choice(sorted(range(IDEAS), key=lambda idea: self.popular[idea])[: IDEAS // 2])
        self.count = 0

    # drawing

    def network(self, place: str) -> str:
        """A network that nobody else has."""
        self.count += 1
        return f"{place}-{self.count}"

    def host(self) -> str:
        """A mail host as people have them."""
        return self.random.choices(list(MAIL), weights=list(MAIL.values()))[0]

    def idea(self) -> int:
        """An idea as people like them."""
        return self.random.choices(range(IDEAS), weights=self.popular)[0]

    def daytime(self) -> float:
        """A moment at which people are awake, the evening most."""
        hour = self.random.choices(range(24), weights=[1] * 7 + [3] * 10 + [6] * 5 + [2] * 2)[0]
        return (self.random.randrange(DAYS) * 24 + hour + self.random.random()) * 3600

    def waiting(self) -> float:
        """How long people take to find the letter: a minute or two, sometimes a day."""
        return max(6.0, self.random.lognormvariate(4.4, 1.1))

    def give(self, network: str, idea: int, at: float, place: str, **other: object) -> None:
        """One honest support."""
        values = {"host": self.host(), "waited": self.waiting(), "was_here": self.random.random() < 0.08} | other
        self.given.append(Given(at, network, idea, is_faked=False, place=place, **values))  # type: ignore[arg-type]  # as Given has them

    # honest places

    def genuine(self, *, most: int = GENUINE) -> None:
        """People at home, and in the places that many share."""
        self.library()
        self.school()
        self.care_home()
        self.town_hall()
        self.carriers()
        while len(self.given) < most:
            self.household()
        self.given = self.given[:most]

    def household(self) -> None:
        """One to five people, who support one or two ideas each."""
        network = self.network("home")
        for _ in range(self.random.choices([1, 2, 3, 4, 5], weights=[50, 30, 10, 7, 3])[0]):
            for _ in range(self.random.choices([1, 2, 3], weights=[70, 20, 10])[0]):
                self.give(network, self.idea(), self.daytime(), "home")

    def library(self) -> None:
        """Its computers, used by anybody all week."""
        network = self.network("library")
        for _ in range(self.random.randint(20, 35)):
            self.give(network, self.idea(), self.daytime(), "library")

    def school(self) -> None:
        """Two classes that do this together, on one afternoon: most support what their teacher showed, under the
        school's own addresses, on phones that show the letter at once. Not the idea that is attacked: see
        test_replay.py for the school that supports just that one."""
        network, shown, host = self.network("school"), self.idea(), "scholen.waterveen.example"
        while shown == self.target:
            shown = self.idea()
        for _ in range(2):
            began = (self.random.randrange(DAYS) * 24 + self.random.randint(9, 14)) * 3600
            for _ in range(self.random.randint(14, 28)):
                idea = shown if self.random.random() < 0.75 else self.idea()
                at = began + self.random.random() * 2400
                self.give(network, idea, at, "school", host=host, waited=self.random.uniform(8, 90), was_here=False)

    def care_home(self) -> None:
        """Helped by the same two volunteers; many support the bench in front of the door."""
        network, bench = self.network("care"), self.idea()
        for _ in range(self.random.randint(12, 30)):
            idea = bench if self.random.random() < 0.5 else self.idea()
            self.give(network, idea, self.daytime(), "care", waited=self.random.uniform(60, 900))

    def town_hall(self) -> None:
        """Its staff at work and the tablet in the hall."""
        network = self.network("town hall")
        for _ in range(self.random.randint(8, 18)):
            host = "waterveen.example" if self.random.random() < 0.5 else self.host()
            self.give(network, self.idea(), self.daytime(), "town hall", host=host)

    def carriers(self) -> None:
        """Mobile phones: a few addresses for half the town."""
        for _ in range(self.random.randint(4, 7)):
            network = self.network("carrier")
            for _ in range(self.random.randint(8, 32)):
                self.give(network, self.idea(), self.daytime(), "carrier")

    def crowd_after_an_article(self, *, people: int = 500, networks: int = 430, in_library: int = 25) -> None:
        """One evening: everybody comes for the same idea, nearly everybody for the first time."""
        liked = self.random.randrange(IDEAS)
        homes = [self.network("home") for _ in range(networks - 1)]
        library = self.network("library")
        sources = homes + self.random.choices(homes[: networks // 2], k=people - in_library - len(homes))
        for source in [*sources, *[library] * in_library]:
            idea = liked if self.random.random() < 0.9 else self.idea()
            at = 20 * 3600 + abs(self.random.gauss(0, 5400))
            self.give(source, idea, at, "library" if source == library else "home", was_here=False)

    # attacks

    def sizes(self, *, total: int = FAKED, networks: int = NETWORKS, spread: float = 0.5) -> list[int]:
        """How much comes from each network: uneven, at least ten each."""
        weights = [self.random.lognormvariate(0, spread) for _ in range(networks)]
        sizes = [max(10, round(total * weight / sum(weights))) for weight in weights]
        sizes[0] = max(10, sizes[0] + total - sum(sizes))
        return sizes

    def fake(self, network: str, idea: int, at: float, host: str, waited: float) -> None:
        """One faked support."""
        self.given.append(Given(at, network, idea, host, waited, was_here=False, is_faked=True, place="attack"))

    @property
    def in_order(self) -> list[Given]:
        """As it came in."""
        return sorted(self.given, key=lambda one: one.at)


def in_one_night(town: Town) -> None:
    """As in Breda: one idea, one night, whole hosts of made-up addresses, links used by a program."""
    hosts = [f"post{number}.example" for number in range(4)]
    began = town.random.randrange(DAYS) * 86400
    for size in town.sizes():
        network = town.network("attack")
        for _ in range(size):
            at = began + town.random.random() * 8 * 3600
            town.fake(network, town.target, at, town.random.choice(hosts), town.random.uniform(1, 9))


def spread_over_weeks(town: Town) -> None:
    """The same over all fourteen days, at all hours."""
    hosts = [f"post{number}.example" for number in range(12)]
    for size in town.sizes(spread=0.8):
        network = town.network("attack")
        for _ in range(size):
            at = town.random.random() * DAYS * 86400
            town.fake(network, town.target, at, town.random.choice(hosts), town.random.uniform(1, 40))


def like_people(town: Town) -> None:
    """Careful: addresses at the hosts that everybody has, by day, links used after a minute or two."""
    for size in town.sizes(spread=0.6):
        network = town.network("attack")
        for _ in range(size):
            town.fake(network, town.target, town.daytime(), town.host(), town.waiting())


def with_cover(town: Town) -> None:
    """More careful: three in ten go to ideas that people like."""
    for size in town.sizes(spread=0.6):
        network = town.network("attack")
        for _ in range(size):
            idea = town.target if town.random.random() < 0.7 else town.idea()
            town.fake(network, idea, town.daytime(), town.host(), town.waiting())


def for_several(town: Town) -> None:
    """Four ideas at once, so that none stands out."""
    targets = [town.target, *town.random.sample(sorted(range(IDEAS), key=lambda idea: town.popular[idea])[:20], 3)]
    for size in town.sizes(spread=0.6):
        network = town.network("attack")
        for _ in range(size):
            town.fake(network, town.random.choice(targets), town.daytime(), town.host(), town.waiting())


def one_network_after_another(town: Town) -> None:
    """Each network for a few hours, then the next: at no moment do many work together."""
    hosts = [f"post{number}.example" for number in range(8)]
    for turn, size in enumerate(town.sizes(spread=0.7)):
        network = town.network("attack")
        for _ in range(size):
            at = (turn / NETWORKS) * DAYS * 86400 + town.random.random() * 6 * 3600
            town.fake(network, town.target, at, town.random.choice(hosts), town.random.uniform(2, 120))


ATTACKS: dict[str, Callable[[Town], None]] = {
    "in one night": in_one_night,
    "spread over weeks": spread_over_weeks,
    "like people": like_people,
    "with cover": with_cover,
    "for several ideas": for_several,
    "one network after another": one_network_after_another,
}


def attacked(seed: int, kind: str) -> Town:
    """Nine hundred honest supports and seven thousand faked ones, mixed as they came in."""
    town = Town(seed)
    town.genuine()
    ATTACKS[kind](town)
    return town


def shrunk(given: Iterable[Given], *, to: float, seed: int) -> list[Given]:
    """A part of the networks, whole: the same picture with fewer people."""
    given = list(given)
    draw = random.Random(seed)  # noqa: S311 - as above
    networks = sorted({one.network for one in given if one.place in {"home", "attack"}})
    left_out = set(draw.sample(networks, int(len(networks) * (1 - to))))
    return [replace(one) for one in given if one.network not in left_out]
