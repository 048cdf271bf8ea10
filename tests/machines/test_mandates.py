"""Who sits in a panel, and what was agreed: one seat a person at a time, its role with it, versions that stay."""

from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import integers, just, one_of, sampled_from, tuples

from accounts.models import Person
from accounts.states import Role
from kernel.db import ReadSession, WriteSession
from panels import mandates, queries
from panels.models import Seat
from panels.states import SeatEntry, SeatKind
from tests.builders import a_panel, a_person
from tests.engines import Databases
from tests.machines.stage import Machine, run
from tests.moments import NOON

TEXTS = ("partner", "size", "duration", "set_up", "funding", "how_treated", "council_role", "draw_method")
READS = {"citizen", "partner", "adviser", "facilitator"}


@dataclass
class Taken:
    """A seat: whose, as what, and whether it ended."""

    person: int
    kind: str
    has_ended: bool = False


async def world(tx: WriteSession) -> Any:
    panel = await a_panel(tx)
    return panel.id, [(await a_person(tx)).id for _ in range(3)], (await a_person(tx, role=Role.SECRETARY)).id


class Mandates(Machine):
    world = world
    moves = one_of(
        tuples(just("seat"), integers(0, 2), sampled_from(list(SeatKind))),
        tuples(just("seat"), integers(0, 2), just(SeatKind.CITIZEN)),
        tuples(just("vacate"), integers(0, 5)),
        tuples(just("agree"), integers(50, 80)),
    )

    def begin(self) -> None:
        self.panel, self.people, self.secretary = self.told
        self.seats: dict[int, Taken] = {}
        self.agreed: list[int] = []

    def seat(self, who: int, kind: SeatKind) -> Any:
        """Somebody comes in, or comes back."""
        person_id = self.people[who]

        async def do(tx: WriteSession) -> int:
            [panel] = await queries.panels(tx)
            given: dict[str, Any] = {"kind": kind, "entry": SeatEntry.LOT, "by": self.secretary, "now": self.now}
            return (await mandates.seat(tx, panel=panel, person=await tx.get_one(Person, person_id), **given)).id

        def judge(key: int | None) -> bool:
            if any(one.person == person_id and not one.has_ended for one in self.seats.values()):
                return False
            if key is not None:
                self.seats[key] = Taken(person_id, kind.value)
                self.expect(f"person:{person_id}", *(["person.role_granted"] if kind.value in READS else []))
            return True

        return do, judge

    def vacate(self, number: int) -> Any:
        """Somebody leaves, as the page had it."""
        newest = sorted(self.seats)[-6:]
        key = newest[number % len(newest)] if newest else 0

        async def do(tx: WriteSession) -> bool:
            seat = await tx.get(Seat, key)
            if seat is not None:
                await mandates.vacate(tx, seat=seat, by=self.secretary, now=self.now)
            return seat is not None

        def judge(_: Any) -> bool:
            seat = self.seats.get(key)
            if seat is not None and seat.has_ended:
                return False
            if seat is not None:
                seat.has_ended = True
                self.expect(f"person:{seat.person}", *(["person.role_revoked"] if seat.kind in READS else []))
            return True

        return do, judge

    def agree(self, percent: int) -> Any:
        """A new version in force."""

        async def do(tx: WriteSession) -> int:
            [panel] = await queries.panels(tx)
            given: dict[str, Any] = dict.fromkeys(TEXTS, "Zo.")
            given |= {"threshold_percent": percent, "draw_seed": "7", "agreed_on": NOON.date()}
            return (await mandates.agree(tx, panel=panel, agreed=mandates.Agreed(**given))).number

        def judge(number: int) -> bool:
            self.agreed.append(percent)
            assert number == len(self.agreed)
            return True

        return do, judge

    def check(self) -> None:
        found = self.rows("SELECT id, person_id, kind, to_at IS NOT NULL FROM seat ORDER BY id")
        assert [(key, person, kind, bool(ended)) for key, person, kind, ended in found] == [
            (key, one.person, one.kind, one.has_ended) for key, one in self.seats.items()
        ]
        held = self.rows(
            "SELECT person_id FROM \"grant\" WHERE role = 'member' AND revoked_at IS NULL ORDER BY person_id"
        )
        sits = sorted(one.person for one in self.seats.values() if not one.has_ended and one.kind in READS)
        assert held == [(person,) for person in sits]
        versions = self.rows("SELECT number, threshold_percent FROM agreement ORDER BY number")
        assert versions == list(enumerate(self.agreed, start=1))

        async def look(db: ReadSession) -> int:
            return sum((await queries.seats_by_kind(db, self.panel)).values())

        assert self.read(look) == sum(not one.has_ended for one in self.seats.values())


def test_a_seat_is_taken_and_left_once_and_its_role_goes_with_it(databases: Databases, migrated_database: str) -> None:
    run(Mandates, databases)
