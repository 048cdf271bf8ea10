"""Reads matrix.txt: what becomes of every route, for everybody, about things in every state.

A route's name stands at the beginning of a line. Each indented line below it has a thing (or several states of one,
with commas; `-` when the address names none; `?…` what stands behind the question mark), then who meets with what:
`shown: auditor chair; hidden: everybody -auditor -chair`. Each of EVERYBODY is named exactly once a line.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.access.people import EVERYBODY, GROUPS

PLACE = Path(__file__).with_name("matrix.txt")
WORDS = {"shown", "moved", "done", "nothing", "asked", "gone", "hidden", "refused", "sign-in"}
"""shown: the page. moved: another address. done: something changed. nothing: all right, and nothing changed. asked:
may do it, but not so or not now (409, 422). gone: 410. hidden: 404. refused: 403. sign-in: the door."""


@dataclass(frozen=True)
class Line:
    """One route about one thing: a word for everybody."""

    route: str
    thing: str
    query: str
    met: Mapping[str, str]

    @property
    def things(self) -> tuple[str, ...]:
        """The words of the things in the address."""
        return () if self.thing == "-" else (self.thing,)


def people_of(words: Iterable[str]) -> set[str]:
    """The people meant by words and groups, `-` taking away."""
    found: set[str] = set()
    for word in words:
        name = word.removeprefix("-")
        meant = set(GROUPS.get(name, (name,)))
        if not meant <= set(EVERYBODY):
            raise ValueError(f"nobody is called {name}")
        found = found - meant if word.startswith("-") else found | meant
    return found


def read(text: str) -> list[Line]:
    """Every line; raises ValueError where somebody is not named or named twice."""
    lines: list[Line] = []
    route = ""
    for number, written in enumerate(text.splitlines(), start=1):
        if not written.strip() or written.lstrip().startswith("#"):
            continue
        if not written.startswith(" "):
            route = written.strip()
            continue
        about, _, told = written.strip().partition(" ")
        met: dict[str, str] = {}
        for part in told.split(";"):
            word, _, who = part.partition(":")
            if word.strip() not in WORDS:
                raise ValueError(f"line {number}: {word.strip()!r} is no outcome")
            for person in people_of(who.split()):
                if person in met:
                    raise ValueError(f"line {number}: {person} is named twice")
                met[person] = word.strip()
        if missing := [person for person in EVERYBODY if person not in met]:
            raise ValueError(f"line {number}: {missing} are not named")
        lines += [Line(route, thing, query, met) for thing, query in things_of(about)]
    return lines


def things_of(about: str) -> Iterator[tuple[str, str]]:
    """The things of a line with what stands behind the question mark, states apart."""
    thing, _, query = about.partition("?")
    kind, colon, states = thing.partition(":")
    for state in states.split(",") if colon else [""]:
        yield f"{kind}{colon}{state}", f"?{query}" if query else ""


def written(met: Mapping[str, str]) -> str:
    """The outcomes of a line in as few words as groups allow, for whoever declares a route."""
    by_word: dict[str, set[str]] = {}
    for person in EVERYBODY:
        by_word.setdefault(met[person], set()).add(person)
    return "; ".join(
        f"{word}: {named(people)}" for word, people in sorted(by_word.items(), key=lambda one: len(one[1]))
    )


def named(people: set[str]) -> str:
    """People in as few words as groups allow."""
    missing = [one for one in EVERYBODY if one not in people]
    if len(missing) <= 6 and len(people) > 6:
        return " ".join(["everybody", *(f"-{one}" for one in missing)])
    words: list[str] = []
    for group, members in GROUPS.items():
        if group != "everybody" and set(members) <= people:
            words.append(group)
            people = people - set(members)
    return " ".join(words + [one for one in EVERYBODY if one in people])


def folded(lines: Iterable[Line]) -> str:
    """Lines as they stand in matrix.txt, states of one kind with the same outcome together."""
    told: list[str] = []
    by_route: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for line in lines:
        kind, _, state = line.thing.partition(":")
        by_route.setdefault(line.route, {}).setdefault((kind, line.query, written(line.met)), []).append(state)
    for route, groups in by_route.items():
        told.append(route)
        for (kind, query, outcomes), states in groups.items():
            about = (f"{kind}:{','.join(states)}" if states != [""] else kind) + re.sub(r"^\?$", "", query)
            told.append(f"    {about:<40} {outcomes}")
    return "\n".join(told) + "\n"
