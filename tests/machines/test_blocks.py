"""Blocks: one a person at a time, by a moderator who is somebody else; each ends once: lifted, on appeal or in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis.strategies import booleans, integers, just, one_of, sampled_from, tuples

from consultations import endorsements
from consultations import queries as consultation_queries
from consultations.states import IdeaState
from kernel.db import WriteSession
from moderation import block_appeals, block_queries, blocks
from moderation.states import AppealState, Conduct
from tests.builders import a_moderated_consultation, a_moderator, an_idea
from tests.engines import Databases
from tests.machines.stage import Machine, run
from tests.machines.test_appeals import half_a_year_after

ZONE = ZoneInfo("Europe/Amsterdam")
LONG = timedelta(days=1)


@dataclass
class Told:
    """A block as product and law have it."""

    whose: int
    by: int
    at: datetime
    until: datetime | None
    stops_reports: bool
    ended: str = ""  # lifted, on_appeal, lapsed
    appeal: str = ""  # open, upheld, reinstated

    def holds(self, now: datetime) -> bool:
        return not self.ended and (self.until is None or now < self.until)


async def world(tx: WriteSession) -> Any:
    consultation = await a_moderated_consultation(tx)
    sent = [(await an_idea(tx, consultation=consultation)).id for _ in range(2)]
    liked = [(await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)).id for _ in range(3)]
    return sent, liked, [await a_moderator(tx) for _ in range(2)]


WHOSE, WHO = integers(0, 1), integers(0, 1)


class Blocks(Machine):
    world = world
    moves = one_of(
        tuples(just("impose"), WHOSE, WHO, booleans(), sampled_from([Conduct.SPAM, Conduct.UNFOUNDED_REPORTS])),
        tuples(just("lift"), integers(0, 3), WHO),
        tuples(just("endorse"), WHOSE, integers(0, 2)),
        tuples(just("appeal"), integers(0, 3)),
        tuples(just("judge"), integers(0, 3), WHO, sampled_from([AppealState.UPHELD, AppealState.REINSTATED])),
        tuples(just("sweep")),
    )
    prologue = (("impose", 0, 0, True, Conduct.SPAM), ("appeal", 0), ("impose", 1, 1, False, Conduct.SPAM))

    def begin(self) -> None:
        self.sent, self.liked, self.moderators = self.told
        self.blocks: dict[int, Told] = {}
        self.given: set[tuple[int, int]] = set()

    def dates(self) -> Sequence[datetime]:
        told = self.blocks.values()
        return [one.until for one in told if one.until] + [half_a_year_after(one.at) for one in told]

    def _pick(self, which: int) -> int:
        return list(self.blocks)[which % len(self.blocks)] if self.blocks else 0

    def _lapse(self, whose: int | None = None) -> None:
        """Whoever looks first after the last day records that it passed."""
        for block_id, one in self.blocks.items():
            is_over = not one.ended and one.until is not None and one.until <= self.now
            if is_over and whose in (None, one.whose):
                one.ended = "lapsed"
                self.expect(f"block:{block_id}", "block.ended")

    def impose(self, whose: int, who: int, has_end: bool, ground: Conduct) -> Any:
        """A moderator blocks an author."""
        until = self.now + LONG if has_end else None

        async def do(tx: WriteSession) -> int:
            behind = await block_queries.behind_idea(tx, self.sent[whose])
            block = await blocks.impose(
                tx,
                behind=behind,
                actor=self.moderators[who],
                ground=ground,
                explanation="Uitleg",
                until=until,
                now=self.now,
            )
            return block.id

        def judge(block_id: int | None) -> bool:
            if any(one.holds(self.now) for one in self.blocks.values() if one.whose == whose):
                return False
            self._lapse(whose)
            if block_id is not None:
                stops_reports = ground is Conduct.UNFOUNDED_REPORTS
                self.blocks[block_id] = Told(whose, who, self.now, until, stops_reports)
                self.expect(f"block:{block_id}", "block.imposed")
            return True

        return do, judge

    def lift(self, which: int, who: int) -> Any:
        """Any moderator takes it back."""
        block_id = self._pick(which)

        async def do(tx: WriteSession) -> None:
            block = (await block_queries.told(tx, block_id)).block
            await blocks.lift(tx, block=block, actor=self.moderators[who], reason="Genoeg.", now=self.now)

        def judge(_: Any) -> bool:
            one = self.blocks.get(block_id)
            if one is None or not one.holds(self.now):
                return False
            one.ended = "lifted"
            self.expect(f"block:{block_id}", "block.ended")
            return True

        return do, judge

    def endorse(self, whose: int, which: int) -> Any:
        """The author supports somebody else's idea; a second time is no refusal."""
        idea_id = self.liked[which]

        async def do(tx: WriteSession) -> None:
            author = (await consultation_queries.idea_by_id(tx, self.sent[whose])).author_id
            idea = await consultation_queries.idea_by_id(tx, idea_id)
            await endorsements.endorse(tx, idea=idea, person_id=author, now=self.now)

        def judge(_: Any) -> bool:
            mine = [one for one in self.blocks.values() if one.whose == whose and one.holds(self.now)]
            if any(not one.stops_reports for one in mine):
                return False
            if (whose, idea_id) not in self.given:
                self.given.add((whose, idea_id))
                self.expect(f"idea:{idea_id}", "idea.endorsed")
            return True

        return do, judge

    def appeal(self, which: int) -> Any:
        """Who is blocked does not agree."""
        block_id = self._pick(which)

        async def do(tx: WriteSession) -> int:
            block = (await block_queries.told(tx, block_id)).block
            return (await block_appeals.lodge(tx, block=block, reason="Nee.", zone=ZONE, now=self.now)).id

        def judge(appeal_id: int | None) -> bool:
            one = self.blocks.get(block_id)
            if one is None or one.appeal or one.ended in {"lifted", "on_appeal"}:
                return False
            if self.now >= half_a_year_after(one.at):
                return False
            if appeal_id is not None:
                one.appeal = "open"
                self.expect(f"block_appeal:{appeal_id}", "block_appeal.lodged")
            return True

        return do, judge

    def judge(self, which: int, who: int, verdict: AppealState) -> Any:
        """Another moderator answers it, for good."""
        block_id = self._pick(which)

        async def do(tx: WriteSession) -> int:
            told = await block_queries.told(tx, block_id)
            if told.appeal is None:
                return 0
            await block_appeals.decide(
                tx,
                appeal=told.appeal,
                block=told.block,
                actor=self.moderators[who],
                verdict=verdict,
                answer="Daarom.",
                now=self.now,
            )
            return told.appeal.id

        def judge(appeal_id: int | None) -> bool:
            one = self.blocks.get(block_id)
            if one is None:
                return False
            if not one.appeal:
                return True  # there was nothing to answer
            if one.appeal != "open" or one.by == who:
                return False
            one.appeal = verdict.value
            self._lapse(one.whose)
            if verdict is AppealState.REINSTATED and not one.ended:
                one.ended = "on_appeal"
                self.expect(f"block:{block_id}", "block.ended")
            if appeal_id is not None:
                self.expect(f"block_appeal:{appeal_id}", "block_appeal.decided")
            return True

        return do, judge

    def sweep(self) -> Any:
        """The worker looks what has passed."""

        async def do(tx: WriteSession) -> None:
            await blocks.record_lapsed(tx, now=self.now)

        def judge(_: Any) -> bool:
            self._lapse()
            return True

        return do, judge

    def check(self) -> None:
        rows = self.rows(
            "SELECT b.id, e.how, a.state FROM block b LEFT JOIN block_end e ON e.block_id = b.id"
            " LEFT JOIN block_appeal a ON a.block_id = b.id ORDER BY b.id"
        )
        states = {"open": "received", "": None}
        assert rows == [
            (block_id, one.ended or None, states.get(one.appeal, one.appeal)) for block_id, one in self.blocks.items()
        ]
        held = self.rows("SELECT COUNT(*) FROM \"grant\" WHERE role = 'blocked' AND revoked_at IS NULL")[0][0]
        assert held == sum(not one.ended and not one.stops_reports for one in self.blocks.values())


def test_a_block_is_one_at_a_time_and_ends_once(databases: Databases, migrated_database: str) -> None:
    run(Blocks, databases)
