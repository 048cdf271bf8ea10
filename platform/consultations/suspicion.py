"""When support from one network looks faked. Plain numbers in, reasons out; no database, no clock.

In Breda in 2020 some 7,000 of 7,900 votes came from a handful of addresses. One network is also how a whole library,
a school, a care home or half a town on its mobile phones (carriers put hundreds of people behind one address) reaches
us. So number alone sets nothing apart, and neither does any single sign:

- up to nine supports from one network are never looked at: a household, a shop, a small office;
- `NEW` people made for this, `FAST` hours and a `LEANING` to few ideas are all what a class that does this together
  looks like, too. From one place of up to 74 they are not enough, all of them together;
- what does tell is *concentration*: support for an idea that people like comes from many networks. Where five or more
  networks lean to the same ideas and bring three times as much as all small networks together, the idea is `FLOODED`,
  and what leans to it from new people is set apart. An article that brings 500 people brings them from 400 networks;
- `SHARED_HOSTS`: three or more networks whose addresses are under the same mail hosts, which nobody outside them uses.
  One school's own host is one network's, and its pupils' at home;
- from 75 three signs are enough, from 150 that new people lean to few ideas.

Nothing is thrown away: a person looks, and releases or keeps it. What this cannot see is told in docs/security.md:
an attacker with a network for every few addresses (a botnet, or IPv6 with a /64 each) looks like a town.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kernel.i18n import N_

SMALL = 10
ONE_PLACE = 75
MANY = 150
FEWEST_NETWORKS = 5
"""A site that sees fewer networks sees its own proxy (KLANKBORD_TRUSTED_PROXIES is missing): it judges nothing."""
SOME = 5
CLEARLY = 0.1
LEANS_FROM = 0.5
NEW_FROM = 0.8
HASTY_FROM = 0.5
FAST_HOUR = 40
ENOUGH_ELSEWHERE = 20
FLOOD_TIMES = 3
FLOOD_NETWORKS = 5
SHARED_BY = 3
SHARED_FROM = 0.6
HARDLY = 0.01


class Sign(StrEnum):
    """Something about the support from one network."""

    NEW = "new"
    LEANING = "leaning"
    FAST = "fast"
    HASTY = "hasty"
    SHARED_HOSTS = "shared_hosts"
    FLOODED = "flooded"


SIGN_NAMES = {
    Sign.NEW: N_("bijna iedereen is hier voor het eerst, en deed verder niets"),
    Sign.LEANING: N_("bijna alle steun gaat naar dezelfde paar ideeën, anders dan bij de rest"),
    Sign.FAST: N_("in één uur kwam er heel veel tegelijk"),
    Sign.HASTY: N_("de link in de brief werd meestal binnen een paar tellen gebruikt"),
    Sign.SHARED_HOSTS: N_("de adressen lijken op elkaar, en op die van andere grote verbindingen"),
    Sign.FLOODED: N_("een paar verbindingen geven deze ideeën veel meer steun dan alle andere samen"),
}


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """The support that came from one network of ten or more."""

    network: str
    number: int
    new: int
    hasty: int
    busiest_hour: int
    ideas: Mapping[int, int]
    hosts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All support of one consultation: the crowds, and what came from networks of fewer than ten."""

    crowds: Sequence[Crowd]
    ideas: Mapping[int, int] = field(default_factory=dict)  # elsewhere
    hosts: Mapping[str, int] = field(default_factory=dict)  # elsewhere
    networks: int = 0  # in all

    @property
    def elsewhere(self) -> int:
        """Supports from small networks."""
        return sum(self.ideas.values())


def suspects(picture: Picture) -> dict[str, list[Sign]]:
    """The networks to set apart, each with all its signs."""
    if picture.networks < FEWEST_NETWORKS:
        return {}
    signs = {crowd.network: _own_signs(crowd, picture) for crowd in picture.crowds}
    for crowd in _with_shared_hosts(picture):
        signs[crowd.network].append(Sign.SHARED_HOSTS)
    leaning = [crowd for crowd in picture.crowds if Sign.LEANING in signs[crowd.network]]
    flooded = _flooded_ideas(leaning, picture)
    for crowd in leaning:
        if _share(crowd.ideas, flooded) >= LEANS_FROM:
            signs[crowd.network].append(Sign.FLOODED)
    return {crowd.network: signs[crowd.network] for crowd in picture.crowds if _is_enough(crowd, signs[crowd.network])}


def _is_enough(crowd: Crowd, signs: Sequence[Sign]) -> bool:
    if Sign.NEW in signs and (Sign.FLOODED in signs or Sign.SHARED_HOSTS in signs):
        return True
    if crowd.number >= MANY and {Sign.NEW, Sign.LEANING} <= set(signs):
        return True
    return crowd.number >= ONE_PLACE and len(signs) >= 3


def _own_signs(crowd: Crowd, picture: Picture) -> list[Sign]:
    """What can be said of one network beside all small ones."""
    found = {
        Sign.NEW: crowd.new >= NEW_FROM * crowd.number,
        Sign.LEANING: sum(_favourites(crowd, picture).values()) >= LEANS_FROM,
        Sign.FAST: crowd.busiest_hour >= FAST_HOUR,
        Sign.HASTY: crowd.hasty >= HASTY_FROM * crowd.number,
    }
    return [sign for sign, is_so in found.items() if is_so]


def _favourites(crowd: Crowd, picture: Picture) -> dict[int, float]:
    """The ideas that have a clearly greater share here than elsewhere, and by how much; none with little to compare."""
    if picture.elsewhere < ENOUGH_ELSEWHERE:
        return {}
    more = {idea_id: _share(crowd.ideas, [idea_id]) - _share(picture.ideas, [idea_id]) for idea_id in crowd.ideas}
    return {idea_id: by for idea_id, by in more.items() if by >= CLEARLY and crowd.ideas[idea_id] >= SOME}


def _flooded_ideas(leaning: Iterable[Crowd], picture: Picture) -> set[int]:
    """Ideas that get three times as much from five or more leaning networks as from all small networks."""
    brought: Counter[int] = Counter()
    by: Counter[int] = Counter()
    for crowd in leaning:
        for idea_id in _favourites(crowd, picture):  # what goes elsewhere as a cover floods nothing
            brought[idea_id] += crowd.ideas[idea_id]
            by[idea_id] += 1
    return {
        idea_id
        for idea_id, number in brought.items()
        if by[idea_id] >= FLOOD_NETWORKS and number >= FLOOD_TIMES * max(picture.ideas.get(idea_id, 0), SMALL)
    }


def _with_shared_hosts(picture: Picture) -> list[Crowd]:
    """Crowds under mail hosts that three or more of them share and that hardly anybody elsewhere has."""
    used_by: Counter[str] = Counter()
    for crowd in picture.crowds:
        used_by.update(crowd.hosts.keys())
    most = HARDLY * picture.elsewhere
    shared = {host for host, times in used_by.items() if times >= SHARED_BY and picture.hosts.get(host, 0) <= most}
    if picture.elsewhere < ENOUGH_ELSEWHERE:
        return []
    return [crowd for crowd in picture.crowds if _share(crowd.hosts, shared) >= SHARED_FROM]


def _share(counted: Mapping[int, int] | Mapping[str, int], of: Iterable[object]) -> float:
    total = sum(counted.values())
    wanted = set(of)
    return sum(number for key, number in counted.items() if key in wanted) / total if total else 0.0
