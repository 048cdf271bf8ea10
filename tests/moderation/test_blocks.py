"""A resident is blocked with reasons, once at a time, and can take part again when the clock or a moderator says so."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from accounts import sessions
from accounts.actor import Actor
from accounts.models import Grant, Person, SessionRecord
from accounts.states import Role
from consultations import endorsements, ideas
from consultations.models import Consultation, Idea
from consultations.queries import is_blocked
from consultations.rules import Blocked
from consultations.states import IdeaState
from kernel.db import ReadSession, WriteSession
from kernel.errors import IllegalMove, NotAllowed, NotFound
from kernel.events import EventRecord
from moderation import block_appeals, block_queries, block_rules, blocks, reports, rules
from moderation.models import Block, BlockEnd
from moderation.states import AppealState, Conduct, Ending
from tests.builders import a_moderated_consultation, a_moderator, a_panel, a_person, an_idea
from tests.moments import NOON

ZONE = ZoneInfo("Europe/Amsterdam")
WHY: dict[str, Any] = {"ground": Conduct.THREATS, "explanation": "U schreef dat u de buurman zou opwachten."}
IN_THREE_MONTHS = block_rules.end_of(block_rules.usual_end(NOON, ZONE), ZONE)


async def a_blocked_person(
    tx: WriteSession, *, by: Actor | None = None, until: datetime | None = IN_THREE_MONTHS, **why: Any
) -> tuple[Idea, Block]:
    """The author of a published idea, blocked at NOON for threats."""
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)
    behind = await block_queries.behind_idea(tx, idea.id)
    actor = by or await a_moderator(tx)
    return idea, await blocks.impose(tx, behind=behind, actor=actor, until=until, now=NOON, **(WHY | why))


async def facts_about(db: ReadSession, block: Block) -> list[tuple[str, datetime]]:
    """What was recorded about a block."""
    found = await db.scalars(select(EventRecord).where(EventRecord.subject == f"block:{block.id}"))
    return [(one.name, one.at) for one in found]


async def test_a_blocked_resident_sends_nothing_supports_nothing_and_is_signed_out(tx: WriteSession) -> None:
    other = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)
    idea = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)
    author = await tx.get_one(Person, idea.author_id)
    await sessions.begin(tx, person=author, carries_grants=False, now=NOON)
    behind = await block_queries.behind_idea(tx, idea.id)

    block = await blocks.impose(tx, behind=behind, actor=await a_moderator(tx), until=IN_THREE_MONTHS, now=NOON, **WHY)

    assert await facts_about(tx, block) == [("block.imposed", NOON)]
    assert await tx.scalar(select(func.count()).where(SessionRecord.person_id == author.id)) == 0
    assert idea.state is IdeaState.PUBLISHED
    with pytest.raises(Blocked):
        await endorsements.endorse(tx, idea=other, person_id=author.id, now=NOON)
    with pytest.raises(Blocked):
        await ideas.submit(
            tx,
            actor=Actor(person_id=author.id),
            consultation=await tx.get_one(Consultation, other.consultation_id),
            written=ideas.Written(body="Nog een idee."),
            email="",
            now=NOON,
        )


async def test_an_idea_by_mail_is_refused_when_its_link_comes_back_and_taken_once_the_block_is_lifted(
    tx: WriteSession,
) -> None:
    idea, block = await a_blocked_person(tx)
    waiting = await an_idea(
        tx,
        consultation=await tx.get_one(Consultation, idea.consultation_id),
        author=await tx.get_one(Person, idea.author_id),
        state=IdeaState.SUBMITTED,
    )
    with pytest.raises(Blocked):
        await ideas.confirm(tx, idea=waiting, now=NOON)

    await blocks.lift(tx, block=block, actor=await a_moderator(tx), reason="Het was een misverstand.", now=NOON)
    await ideas.confirm(tx, idea=waiting, now=NOON)

    assert waiting.state is IdeaState.RECEIVED


@pytest.mark.parametrize(
    ("at", "is_free"),
    [
        (IN_THREE_MONTHS - timedelta(microseconds=1), False),
        (IN_THREE_MONTHS, True),
        (IN_THREE_MONTHS + timedelta(days=1), True),
    ],
)
async def test_a_block_holds_until_its_instant_by_the_clock_alone(
    tx: WriteSession, at: datetime, is_free: bool
) -> None:
    idea, block = await a_blocked_person(tx)

    assert await is_blocked(tx, idea.author_id, now=at) is not is_free
    assert block_rules.holds(block, None, at) is not is_free
    assert (await block_queries.in_force(tx, idea.author_id, now=at) is None) is is_free


async def test_the_lapse_is_recorded_once_at_its_instant_and_the_grant_goes(tx: WriteSession) -> None:
    idea, block = await a_blocked_person(tx)
    later = IN_THREE_MONTHS + timedelta(hours=5)

    assert [await blocks.record_lapsed(tx, now=later) for _ in range(2)] == [1, 0]

    ended = await tx.get_one(BlockEnd, block.id)
    assert (ended.how, ended.ended_at, ended.ended_by_id) == (Ending.LAPSED, IN_THREE_MONTHS, None)
    assert await facts_about(tx, block) == [("block.imposed", NOON), ("block.ended", IN_THREE_MONTHS)]
    held = select(func.count()).where(Grant.person_id == idea.author_id, Grant.revoked_at.is_(None))
    assert await tx.scalar(held) == 0


async def test_a_person_is_blocked_once_at_a_time_and_again_after_the_end(tx: WriteSession) -> None:
    idea, first = await a_blocked_person(tx)
    behind, moderator = await block_queries.behind_idea(tx, idea.id), await a_moderator(tx)
    with pytest.raises(block_rules.BlockedBefore):
        await blocks.impose(tx, behind=behind, actor=moderator, until=None, now=NOON, **WHY)

    again = IN_THREE_MONTHS + timedelta(seconds=1)  # the job has not been round yet
    second = await blocks.impose(tx, behind=behind, actor=moderator, until=None, now=again, **WHY)

    assert (first.number, second.number) == (1, 2)
    assert await is_blocked(tx, idea.author_id, now=again + timedelta(days=4000))


async def test_a_moderator_lifts_a_block_for_a_reason_and_once(tx: WriteSession) -> None:
    idea, block = await a_blocked_person(tx)
    moderator = await a_moderator(tx)
    with pytest.raises(IllegalMove):
        await blocks.lift(tx, block=block, actor=moderator, reason=" ", now=NOON)

    await blocks.lift(tx, block=block, actor=moderator, reason="U hebt het goedgemaakt.", now=NOON)

    assert not await is_blocked(tx, idea.author_id, now=NOON)
    with pytest.raises(IllegalMove):
        await blocks.lift(tx, block=block, actor=moderator, reason="Nog eens.", now=NOON)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SECRETARY, Role.AUDITOR, Role.OPERATOR, Role.COMMISSIONER])
async def test_who_works_here_is_not_blocked_by_a_moderator(tx: WriteSession, role: Role) -> None:
    colleague = await a_person(tx, role=role)
    idea = await an_idea(tx, author=colleague)
    with pytest.raises(block_rules.StaffNotBlocked):
        await blocks.impose(
            tx,
            behind=await block_queries.behind_idea(tx, idea.id),
            actor=await a_moderator(tx),
            until=None,
            now=NOON,
            **WHY,
        )


async def test_nobody_blocks_himself(tx: WriteSession) -> None:
    moderator = await a_moderator(tx)
    idea = await an_idea(tx, author=await tx.get_one(Person, moderator.person_id))
    behind = await block_queries.behind_idea(tx, idea.id)
    with pytest.raises(block_rules.NotYourself):
        await blocks.impose(tx, behind=behind, actor=moderator, until=None, now=NOON, **WHY)


async def test_who_cannot_be_known_for_certain_is_not_blocked(tx: WriteSession) -> None:
    moderator = await a_moderator(tx)
    imported = await an_idea(tx, external_id="2016-0001")
    published = await an_idea(tx, state=IdeaState.PUBLISHED)
    typed = await reports.receive(tx, idea=published, reason="Weg!", email="a@waterveen.example", now=NOON)
    for behind in (
        await block_queries.behind_idea(tx, imported.id),
        await block_queries.behind_report(tx, typed.id),
    ):
        with pytest.raises(block_rules.NobodyToBlock):
            await blocks.impose(tx, behind=behind, actor=moderator, until=None, now=NOON, **WHY)
    nameless = await reports.receive(tx, idea=published, reason="Weg ermee!", now=NOON)
    unconfirmed = await an_idea(tx, state=IdeaState.SUBMITTED)
    with pytest.raises(NotFound):
        await block_queries.behind_report(tx, nameless.id)
    with pytest.raises(NotFound):
        await block_queries.behind_idea(tx, unconfirmed.id)


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"ground": None}, None),
        ({"explanation": "  "}, None),
        ({}, NOON),
        ({}, NOON + timedelta(days=731)),
    ],
)
async def test_no_block_without_a_ground_the_facts_and_an_end_to_come(
    tx: WriteSession, wrong: dict[str, Any], at: datetime | None
) -> None:
    with pytest.raises(block_rules.ConductNeeded):
        await a_blocked_person(tx, until=at, **wrong)


async def test_who_reports_without_ground_again_and_again_cannot_report_and_can_do_all_else(tx: WriteSession) -> None:
    idea, block = await a_blocked_person(tx, ground=Conduct.UNFOUNDED_REPORTS)
    other = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)
    with pytest.raises(block_rules.ReportsSuspended):
        await reports.receive(tx, idea=other, reason="Weg!", signed_in_as=idea.author_id, now=NOON)

    assert await endorsements.endorse(tx, idea=other, person_id=idea.author_id, now=NOON)
    await blocks.lift(tx, block=block, actor=await a_moderator(tx), reason="Genoeg.", now=NOON)
    report = await reports.receive(tx, idea=other, reason="Weg!", signed_in_as=idea.author_id, now=NOON)
    assert (report.reporter_id, report.is_signed_in) == (idea.author_id, True)


async def test_who_is_blocked_for_anything_else_can_still_report(tx: WriteSession) -> None:
    idea, _ = await a_blocked_person(tx)
    other = await an_idea(tx, consultation=await a_moderated_consultation(tx), state=IdeaState.PUBLISHED)

    report = await reports.receive(tx, idea=other, reason="Dit is haat.", signed_in_as=idea.author_id, now=NOON)

    assert report.reporter_id == idea.author_id


async def test_an_appeal_is_decided_by_another_moderator_within_ten_working_days(tx: WriteSession) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    idea, block = await a_blocked_person(tx, by=first)
    block = (await block_queries.told(tx, block.id)).block
    appeal = await block_appeals.lodge(tx, block=block, reason="Ik was het niet.", zone=ZONE, now=NOON)
    assert appeal.due_at == rules.appeal_due_at(NOON, ZONE)
    verdict: dict[str, Any] = {"verdict": AppealState.REINSTATED, "answer": "U hebt gelijk.", "now": NOON}
    with pytest.raises(rules.DecidedBefore):
        await block_appeals.decide(tx, appeal=appeal, block=block, actor=first, **verdict)

    await block_appeals.decide(tx, appeal=appeal, block=block, actor=second, **verdict)

    ended = await tx.get_one(BlockEnd, block.id)
    assert (ended.how, ended.reason, ended.ended_by_id) == (Ending.ON_APPEAL, "U hebt gelijk.", second.person_id)
    assert not await is_blocked(tx, idea.author_id, now=NOON)
    with pytest.raises(IllegalMove):
        await block_appeals.decide(tx, appeal=appeal, block=block, actor=second, **verdict)


@pytest.mark.parametrize(("off", "may"), [(timedelta(microseconds=-1), True), (timedelta(0), False)])
async def test_an_appeal_is_possible_for_six_months_also_after_the_block_lapsed(
    tx: WriteSession, off: timedelta, may: bool
) -> None:
    _, block = await a_blocked_person(tx)
    at = rules.appeal_until(NOON, ZONE) + off
    await blocks.record_lapsed(tx, now=at)
    if may:
        await block_appeals.lodge(tx, block=block, reason="Ik was het niet.", zone=ZONE, now=at)
    with pytest.raises(rules.NoAppealNow):
        await block_appeals.lodge(tx, block=block, reason="Nog eens.", zone=ZONE, now=at)


async def test_no_appeal_against_what_a_moderator_took_back(tx: WriteSession) -> None:
    _, block = await a_blocked_person(tx)
    await blocks.lift(tx, block=block, actor=await a_moderator(tx), reason="Een vergissing.", now=NOON)
    with pytest.raises(rules.NoAppealNow):
        await block_appeals.lodge(tx, block=block, reason="Toch.", zone=ZONE, now=NOON)


async def test_moderators_of_another_panel_have_nothing_to_do_with_it(tx: WriteSession) -> None:
    _, block = await a_blocked_person(tx)
    person, panel = await a_person(tx), await a_panel(tx)
    elsewhere = Actor(person_id=person.id, grants=frozenset({(Role.MODERATOR, panel.id)}))
    auditor = Actor(person_id=person.id, grants=frozenset({(Role.AUDITOR, None)}))
    block = (await block_queries.told(tx, block.id)).block

    with pytest.raises(NotFound):
        await blocks.lift(tx, block=block, actor=elsewhere, reason="Zomaar.", now=NOON)
    with pytest.raises(NotAllowed):
        await blocks.lift(tx, block=block, actor=auditor, reason="Zomaar.", now=NOON)
    assert await block_queries.listed(tx, panels=[panel.id], now=NOON) == []
