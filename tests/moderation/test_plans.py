"""Decisions that can be undone: planned, undone without a trace for the author, carried out, or lapsed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from accounts.models import Grant
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from kernel.errors import ChangedMeanwhile, IllegalMove, NotFound
from kernel.events import EventRecord
from kernel.settings import Settings
from moderation import candidates, decisions, plan_queries, plans, queries, queue
from moderation.models import Claim, Decision, PlannedDecision
from moderation.rules import GroundNeeded
from moderation.states import Outcome
from notify import relay
from notify.models import Message
from tests.builders import a_comment, a_moderated_consultation, a_moderator, an_idea
from tests.moderation.test_staff_routes import WHY, an_open_consultation, signed_in
from tests.moments import NOON
from tests.visitor import Visitor

Browsers = Callable[[], Visitor]
TEN = timedelta(minutes=10)
WHY_NOT: dict[str, Any] = {"ground_code": "off_topic", "explanation": "U schrijft over de zomertijd."}


class Nobody:
    """Nobody has a page open."""

    def nudge(self, topic: str) -> None:
        """Nothing happens."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A municipality where a decision can be undone for ten minutes."""
    return replace(settings, undo_minutes=10)


@pytest.fixture
async def anna(database: Database, visitor: Visitor) -> Visitor:
    """A moderator's browser."""
    async with database.write() as tx:
        return await signed_in(tx, visitor, await a_moderator(tx, name="Anna"))


@pytest.fixture
async def bram(database: Database, another: Browsers) -> Visitor:
    """Another moderator's browser."""
    async with database.write() as tx:
        return await signed_in(tx, another(), await a_moderator(tx, name="Bram"))


async def marks(tx: WriteSession, *sent: Idea) -> dict[int, str | None]:
    """What a moderator reads of these now."""
    return {one.idea.id: one.mark for one in await candidates.look(tx, [idea.id for idea in sent], now=NOON)}


async def facts(tx: WriteSession, idea: Idea) -> list[str]:
    """What is on record about an idea."""
    named = select(EventRecord.name).where(EventRecord.subject == f"idea:{idea.id}").order_by(EventRecord.seq)
    return list(await tx.scalars(named))


async def some_ideas(tx: WriteSession, number: int) -> list[Idea]:
    """As many that wait, in one consultation."""
    consultation = await a_moderated_consultation(tx)
    return [await an_idea(tx, consultation=consultation) for _ in range(number)]


async def test_a_decision_waits_until_it_can_no_longer_be_undone(tx: WriteSession) -> None:
    moderator, [idea] = await a_moderator(tx), await some_ideas(tx, 1)
    seen = await marks(tx, idea)

    await plans.plan(tx, seen=seen, actor=moderator, outcome=Outcome.REJECT, **WHY_NOT, wait=TEN, now=NOON)
    assert await plans.carry_out_due(tx, now=NOON + TEN - timedelta(microseconds=1)) == 0
    assert (idea.state, await facts(tx, idea)) == (IdeaState.RECEIVED, ["idea.decision_planned"])

    assert [await plans.carry_out_due(tx, now=NOON + TEN) for _ in range(2)] == [1, 0]
    assert idea.state is IdeaState.REJECTED
    assert await facts(tx, idea) == ["idea.decision_planned", "idea.rejected", "idea.decision_taken"]
    [taken] = await queries.decisions_of(tx, idea.id)
    told = (taken.decision.decided_by_id, taken.decision.decided_at, taken.decision.explanation)
    assert told == (moderator.person_id, NOON + TEN, WHY_NOT["explanation"])


async def test_of_what_is_undone_in_time_nobody_but_moderators_hears(database: Database) -> None:
    async with database.write() as tx:
        moderator, [idea, other] = await a_moderator(tx), await some_ideas(tx, 2)
        seen = await marks(tx, idea, other)
        together = await plans.plan(tx, seen=seen, actor=moderator, outcome=Outcome.PUBLISH, wait=TEN, now=NOON)
    await relay.relay(database, Nobody(), NOON)
    async with database.write() as tx:
        found = await plan_queries.plans_together(tx, together)
        assert await plans.undo(tx, plans=found, actor=moderator, now=NOON + TEN) == 2
        with pytest.raises(NotFound):
            await plans.undo(tx, plans=await plan_queries.plans_together(tx, together), actor=moderator, now=NOON)
        assert await plans.carry_out_due(tx, now=NOON + TEN) == 0
    await relay.relay(database, Nobody(), NOON + TEN)

    async with database.write() as tx:
        counted = [await tx.scalar(select(func.count(one.id))) for one in (Decision, PlannedDecision)]
        letters = await tx.scalars(select(Message.template).where(Message.template.startswith("idea")))
        assert (counted, letters.all()) == ([0, 0], [])
        kept = await tx.get_one(Idea, idea.id)
        told = ["idea.decision_planned", "idea.decision_undone"]
        assert (kept.state, kept.published_at, await facts(tx, kept)) == (IdeaState.RECEIVED, None, told)


@pytest.mark.parametrize("what", ["edited", "withdrawn", "decided after a report", "no moderator any more"])
async def test_a_decision_about_what_is_no_longer_so_lapses(tx: WriteSession, what: str) -> None:
    moderator, [idea] = await a_moderator(tx), await some_ideas(tx, 1)
    seen = await marks(tx, idea)
    await plans.plan(tx, seen=seen, actor=moderator, outcome=Outcome.PUBLISH, wait=TEN, now=NOON)
    state = IdeaState.RECEIVED
    if what == "edited":
        written = ideas.Written(title="Een ander idee", body=idea.body)
        await ideas.rewrite(tx, idea=idea, written=written, now=NOON)
    elif what == "withdrawn":
        await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON)
        state = IdeaState.WITHDRAWN
    elif what == "decided after a report":
        other = await a_moderator(tx)
        await decisions.decide(tx, idea=idea, actor=other, outcome=Outcome.HOLD, **WHY_NOT, now=NOON)
        state = IdeaState.HELD
    else:
        gone = update(Grant).where(Grant.person_id == moderator.person_id)
        await tx.execute(gone.values(revoked_at=NOON))

    assert await plans.carry_out_due(tx, now=NOON + TEN) == 1

    assert (idea.state, (await facts(tx, idea))[-1]) == (state, "idea.decision_lapsed")
    assert await tx.scalar(select(func.count(PlannedDecision.id))) == 0


async def test_many_are_decided_at_once_or_none(tx: WriteSession) -> None:
    moderator, sent = await a_moderator(tx), await some_ideas(tx, 3)
    seen = await marks(tx, *sent)
    await queue.claim(tx, idea=sent[0], actor=moderator, now=NOON)
    await ideas.rewrite(tx, idea=sent[2], written=ideas.Written(title="Anders", body="Anders"), now=NOON)
    decided: dict[str, Any] = {"actor": moderator, "outcome": Outcome.PUBLISH, "now": NOON}

    for wait in (TEN, timedelta()):
        with pytest.raises(ChangedMeanwhile):
            await plans.plan(tx, seen=seen, **decided, wait=wait)
    assert await tx.scalar(select(func.count(PlannedDecision.id))) == 0

    await plans.plan(tx, seen=await marks(tx, *sent), **decided, wait=timedelta())
    assert [idea.state for idea in sent] == [IdeaState.PUBLISHED] * 3
    told = ["idea.published", "idea.decision_taken"]
    assert [(await facts(tx, idea))[-2:] for idea in sent] == [told] * 3
    assert await tx.scalar(select(func.count(Claim.idea_id))) == 0


async def test_one_by_one_and_at_once_leave_the_same(tx: WriteSession) -> None:
    moderator = await a_moderator(tx)
    above, *sent = await some_ideas(tx, 5)
    await decisions.decide(tx, idea=above, actor=moderator, outcome=Outcome.PUBLISH, now=NOON)
    consultation = await tx.get_one(Consultation, above.consultation_id)
    late = [await an_idea(tx, consultation=consultation, is_late=True) for _ in range(2)]
    comments = [await a_comment(tx, under=above, state=IdeaState.RECEIVED) for _ in range(2)]
    pairs = [sent[:2], sent[2:], late, comments]

    for one, other in pairs:
        why = {} if one is not sent[2] else WHY_NOT
        outcome = Outcome.PUBLISH if not why else Outcome.RETURN
        await decisions.decide(tx, idea=one, actor=moderator, outcome=outcome, **why, now=NOON)
        seen = await marks(tx, other)
        await plans.plan(tx, seen=seen, actor=moderator, outcome=outcome, **why, wait=timedelta(), now=NOON)
        for column in ("state", "route", "published_at", "returned_at", "version"):
            assert getattr(one, column) == getattr(other, column), column
        assert await facts(tx, one) == await facts(tx, other)
        await tx.refresh(other)
        assert other.state is one.state
        texts = [(await queries.versions(tx, idea.id))[0].published_at for idea in (one, other)]
        assert texts[0] == texts[1]


async def test_a_restriction_at_once_needs_a_ground_and_an_explanation_too(tx: WriteSession) -> None:
    moderator, sent = await a_moderator(tx), await some_ideas(tx, 2)
    seen = await marks(tx, *sent)
    given: dict[str, Any] = {"seen": seen, "actor": moderator, "wait": TEN, "now": NOON}

    with pytest.raises(GroundNeeded):
        await plans.plan(tx, **given, outcome=Outcome.REJECT, ground_code="zomertijd", explanation="Uitleg")
    with pytest.raises(GroundNeeded):
        await plans.plan(tx, **given, outcome=Outcome.REJECT, ground_code="off_topic", explanation=" ")
    with pytest.raises(IllegalMove):
        await plans.plan(tx, **given, outcome=Outcome.REMOVE, **WHY_NOT)


async def test_a_moderator_undoes_what_was_just_decided(database: Database, anna: Visitor) -> None:
    _, [first, second] = await an_open_consultation(database, "Bankjes bij de sluis", "Een zebrapad")
    await anna.open(f"/moderation/ideas/{first.id}")

    await anna.press("Publiceren")
    assert anna.path == f"/moderation/ideas/{second.id}"
    assert "‘Bankjes bij de sluis’ komt op de site" in anna.text
    assert "Dat wordt uitgevoerd om 12.10 uur" in anna.text
    await anna.press("Ongedaan maken")

    assert "Het besluit is ongedaan gemaakt." in anna.text
    assert "Bankjes bij de sluis" in anna.text
    async with database.read() as db:
        assert (await db.get_one(Idea, first.id)).state is IdeaState.RECEIVED


async def test_who_waits_for_nothing_has_it_carried_out_now(database: Database, anna: Visitor) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    await anna.open(f"/moderation/ideas/{idea.id}")
    await anna.press("Afwijzen", **WHY)

    await anna.press("Voer het nu uit")

    assert "Het besluit is uitgevoerd." in anna.text
    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.REJECTED


async def test_the_second_of_two_moderators_reads_who_decided_what_and_keeps_what_was_typed(
    database: Database, anna: Visitor, bram: Visitor
) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    await anna.open(f"/moderation/ideas/{idea.id}")
    await bram.open(f"/moderation/ideas/{idea.id}")
    await anna.press("Publiceren")

    await bram.press("Afwijzen", **WHY)

    assert bram.status == 409
    assert "Anna besloot op" in bram.text
    assert WHY["explanation"] in bram.text
    await bram.press("Ongedaan maken")
    await bram.press("Afwijzen", **WHY)
    async with database.read() as db:
        assert (await db.scalars(select(PlannedDecision.outcome))).all() == [Outcome.REJECT]


async def test_removing_from_the_site_is_done_at_once(database: Database, anna: Visitor) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    async with database.write() as tx:
        stored = await tx.get_one(Idea, idea.id)
        await decisions.decide(tx, idea=stored, actor=await a_moderator(tx), outcome=Outcome.PUBLISH, now=NOON)
    await anna.open(f"/moderation/ideas/{idea.id}")

    await anna.press("Verwijderen", **WHY)

    async with database.read() as db:
        assert (await db.get_one(Idea, idea.id)).state is IdeaState.REMOVED


async def test_a_claim_that_is_taken_over_is_told_to_the_first(
    database: Database, anna: Visitor, bram: Visitor
) -> None:
    _, [idea] = await an_open_consultation(database, "Bankjes bij de sluis")
    await anna.open(f"/moderation/ideas/{idea.id}")
    await anna.press("Ik lees deze")
    await bram.open(f"/moderation/ideas/{idea.id}")
    assert "Anna leest deze inzending nu, sinds 12.00 uur" in bram.text

    await bram.press("Neem over")
    assert "U leest deze inzending." in bram.text
    await anna.open(f"/moderation/ideas/{idea.id}/standing")
    assert "Bram nam deze inzending om 12.00 uur van u over" in anna.text


async def test_many_are_chosen_looked_at_carried_out_and_undone(
    database: Database, anna: Visitor, bram: Visitor
) -> None:
    _, sent = await an_open_consultation(database, "Bankjes bij de sluis", "Een zebrapad", "Meer bomen")
    await bram.open(f"/moderation/ideas/{sent[2].id}")
    await bram.press("Ik lees deze")
    await anna.open("/moderation")

    await anna.press("Beslis over wat is aangevinkt", idea=[str(one.id) for one in sent])
    assert ("U koos 3 inzendingen." in anna.text, "Bankjes bij de sluis" in anna.text) == (True, True)
    await anna.press("Kijk na wat er gebeurt", outcome="reject", ground="off_topic")
    assert anna.status == 422
    await anna.press("Kijk na wat er gebeurt", outcome="reject", explanation="U schrijft over iets anders.")
    assert "Bij 1 inzending gebeurt niets" in anna.text
    assert "Een collega leest deze nu." in anna.text
    async with database.read() as db:
        assert await db.scalar(select(func.count(PlannedDecision.id))) == 0
    await anna.press("Beslis over 2 inzendingen")

    assert "U besloot over 2 inzendingen: afwijzen." in anna.text
    await anna.press("Ongedaan maken")
    async with database.read() as db:
        assert await db.scalar(select(func.count(PlannedDecision.id))) == 0
        assert {one.state for one in await db.scalars(select(Idea))} == {IdeaState.RECEIVED, IdeaState.IN_REVIEW}


async def test_what_changes_between_looking_and_doing_stops_all_of_it(
    database: Database, anna: Visitor, bram: Visitor
) -> None:
    _, sent = await an_open_consultation(database, "Bankjes bij de sluis", "Een zebrapad", "Meer bomen")
    await anna.open("/moderation/bulk?all=1")
    await anna.press("Kijk na wat er gebeurt", outcome="publish")
    await bram.open(f"/moderation/ideas/{sent[0].id}")
    await bram.press("Publiceren")  # and reads the next

    await anna.press("Beslis over 3 inzendingen")

    assert anna.status == 409
    assert "Een collega heeft hier net over beslist." in anna.text
    assert "Een collega leest deze nu." in anna.text
    async with database.read() as db:
        assert await db.scalar(select(func.count(PlannedDecision.id))) == 1
    await anna.press("Beslis over 1 inzending")
    async with database.read() as db:
        assert await db.scalar(select(func.count(PlannedDecision.id))) == 2
