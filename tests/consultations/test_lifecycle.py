from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from consultations import lifecycle, queries, rules
from consultations.models import Extension
from consultations.states import ConsultationState, IdeaRoute, IdeaState
from kernel.db import WriteSession
from kernel.errors import DomainError, IllegalMove
from kernel.events import EventRecord
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import CLOSES, NOON, OPENS

A_DAY, A_TICK = timedelta(days=1), timedelta(microseconds=1)
S = ConsultationState


async def facts(tx: WriteSession) -> list[tuple[str, datetime]]:
    told = select(EventRecord).where(EventRecord.subject.like("consultation:%")).order_by(EventRecord.id)
    return [(fact.name, fact.at) for fact in await tx.scalars(told)]


async def test_announcing_makes_a_draft_public(tx: WriteSession) -> None:
    consultation = await a_consultation(tx, state=S.DRAFT, announced_at=None)

    await lifecycle.announce(tx, consultation=consultation, actor_id=None, now=NOON)

    assert (consultation.state, consultation.announced_at) == (S.ANNOUNCED, NOON)
    assert await facts(tx) == [("consultation.announced", NOON)]


async def test_what_is_over_cannot_be_announced(tx: WriteSession) -> None:
    consultation = await a_consultation(tx, state=S.DRAFT)

    with pytest.raises(lifecycle.TooLate):
        await lifecycle.announce(tx, consultation=consultation, actor_id=None, now=CLOSES)


async def test_an_extension_keeps_the_old_date_and_the_reason(tx: WriteSession) -> None:
    consultation, secretary = await a_consultation(tx), await a_person(tx)

    await lifecycle.extend(
        tx,
        consultation=consultation,
        closes_at=CLOSES + A_DAY,
        reason=" De brief kwam te laat aan. ",
        actor_id=secretary.id,
        now=CLOSES - timedelta(microseconds=1),
    )

    assert consultation.closes_at == CLOSES + A_DAY
    [extension] = await queries.extensions_of(tx, consultation.id)
    assert (extension.old_closes_at, extension.new_closes_at, extension.reason) == (
        CLOSES,
        CLOSES + A_DAY,
        "De brief kwam te laat aan.",
    )
    assert [name for name, _ in await facts(tx)] == ["consultation.extended"]


@pytest.mark.parametrize(
    ("closes_at", "reason", "now", "refusal"),
    [
        (CLOSES, "Reden", NOON, lifecycle.LaterOnly),
        (CLOSES - A_DAY, "Reden", NOON, lifecycle.LaterOnly),
        (CLOSES + A_DAY, "  ", NOON, lifecycle.ReasonMissing),
        (CLOSES + A_DAY, "Reden", CLOSES, lifecycle.TooLate),
        (CLOSES + 3 * A_DAY, "Reden", NOON, lifecycle.AfterTheDeadline),
    ],
)
async def test_an_extension_is_later_reasoned_in_time_and_before_the_agenda(
    tx: WriteSession, closes_at: datetime, reason: str, now: datetime, refusal: type[DomainError]
) -> None:
    consultation = await a_consultation(tx, agenda_deadline_at=CLOSES + 2 * A_DAY)
    secretary = await a_person(tx)

    with pytest.raises(refusal):
        await lifecycle.extend(
            tx, consultation=consultation, closes_at=closes_at, reason=reason, actor_id=secretary.id, now=now
        )

    assert (await tx.scalars(select(Extension))).all() == []


async def test_suspending_and_resuming(tx: WriteSession) -> None:
    consultation, secretary = await a_consultation(tx), await a_person(tx)

    await lifecycle.suspend(tx, consultation=consultation, reason="Storing", actor_id=secretary.id, now=NOON)
    assert (consultation.state, consultation.state_reason) == (S.SUSPENDED, "Storing")
    await lifecycle.resume(tx, consultation=consultation, actor_id=secretary.id, now=NOON + A_DAY)

    assert (consultation.state, consultation.state_reason) == (S.ANNOUNCED, "")
    assert await facts(tx) == [("consultation.suspended", NOON), ("consultation.resumed", NOON + A_DAY)]


async def test_a_cancelled_consultation_stays_cancelled(tx: WriteSession) -> None:
    consultation, secretary = await a_consultation(tx), await a_person(tx)
    await lifecycle.cancel(tx, consultation=consultation, reason="Geen panel", actor_id=secretary.id, now=NOON)

    with pytest.raises(IllegalMove):
        await lifecycle.resume(tx, consultation=consultation, actor_id=secretary.id, now=NOON)

    assert (consultation.state, consultation.state_reason) == (S.CANCELLED, "Geen panel")


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        (IdeaState.RECEIVED, True),
        (IdeaState.IN_REVIEW, True),
        (IdeaState.SUBMITTED, True),
        (IdeaState.PUBLISHED, False),
        (IdeaState.HELD, False),
        (IdeaState.WITHDRAWN, False),
    ],
)
async def test_processed_means_that_nothing_is_left_in_review(
    tx: WriteSession, state: IdeaState, refused: bool
) -> None:
    consultation = await a_consultation(tx)
    await an_idea(tx, consultation=consultation, state=state, received_at=CLOSES - A_DAY)

    if refused:
        with pytest.raises(lifecycle.StillInReview):
            await lifecycle.process(tx, consultation=consultation, actor_id=None, now=CLOSES)
    else:
        await lifecycle.process(tx, consultation=consultation, actor_id=None, now=CLOSES)
    assert consultation.state is (S.ANNOUNCED if refused else S.PROCESSED)


async def test_processed_waits_for_who_is_writing_another_text(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    await an_idea(tx, consultation=consultation, state=IdeaState.RETURNED, returned_at=CLOSES - A_DAY)

    with pytest.raises(rules.StillWithAuthors):
        await lifecycle.process(tx, consultation=consultation, actor_id=None, now=CLOSES + 6 * A_DAY - A_TICK)
    await lifecycle.process(tx, consultation=consultation, actor_id=None, now=CLOSES + 6 * A_DAY)

    assert consultation.state is S.PROCESSED


async def test_an_idea_that_was_never_confirmed_holds_nothing_up_after_two_days(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    await an_idea(tx, consultation=consultation, state=IdeaState.SUBMITTED, received_at=CLOSES - 2 * A_DAY)

    await lifecycle.process(tx, consultation=consultation, actor_id=None, now=CLOSES)

    assert consultation.state is S.PROCESSED


async def test_an_open_consultation_is_not_processed(tx: WriteSession) -> None:
    with pytest.raises(lifecycle.NotYetClosed):
        await lifecycle.process(tx, consultation=await a_consultation(tx), actor_id=None, now=NOON)


async def test_answered_means_an_outcome_for_every_published_idea(tx: WriteSession) -> None:
    consultation = await a_consultation(tx, state=S.REPORTED)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    with pytest.raises(lifecycle.StillUnanswered):
        await lifecycle.answer(tx, consultation=consultation, actor_id=None, now=NOON)

    idea.answered_at = NOON
    await lifecycle.answer(tx, consultation=consultation, actor_id=None, now=NOON)

    assert consultation.state is S.ANSWERED


@pytest.mark.parametrize("route", [IdeaRoute.NOT_TAKEN, IdeaRoute.TAKEN_ALONG])
async def test_an_idea_that_was_not_taken_or_went_elsewhere_with_a_reason_has_its_outcome(
    tx: WriteSession, route: IdeaRoute
) -> None:
    consultation = await a_consultation(tx, state=S.REPORTED)
    await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, route=route)

    await lifecycle.answer(tx, consultation=consultation, actor_id=None, now=NOON)

    assert consultation.state is S.ANSWERED


async def test_a_draft_is_announced_not_resumed_and_a_suspended_one_resumed_not_announced(tx: WriteSession) -> None:
    draft, suspended = await a_consultation(tx, state=S.DRAFT), await a_consultation(tx, state=S.SUSPENDED)
    secretary = await a_person(tx)

    with pytest.raises(IllegalMove):
        await lifecycle.resume(tx, consultation=draft, actor_id=secretary.id, now=NOON)
    with pytest.raises(IllegalMove):
        await lifecycle.announce(tx, consultation=suspended, actor_id=None, now=NOON)


async def test_opening_and_closing_are_recorded_once_at_their_own_instant(tx: WriteSession) -> None:
    await a_consultation(tx)
    for state in (S.DRAFT, S.CANCELLED, S.SUSPENDED):
        await a_consultation(tx, state=state)

    before = await lifecycle.record_boundaries(tx, now=OPENS - timedelta(microseconds=1))
    opened = [await lifecycle.record_boundaries(tx, now=now) for now in (OPENS, NOON, CLOSES - A_DAY)]
    closed = [await lifecycle.record_boundaries(tx, now=CLOSES + timedelta(seconds=3)) for _ in range(2)]

    assert (before, opened, closed) == (0, [1, 0, 0], [1, 0])
    assert await facts(tx) == [("consultation.opened", OPENS), ("consultation.closed", CLOSES)]


async def test_a_close_that_moved_is_recorded_at_the_new_instant_only(tx: WriteSession) -> None:
    consultation, secretary = await a_consultation(tx), await a_person(tx)
    await lifecycle.extend(
        tx, consultation=consultation, closes_at=CLOSES + A_DAY, reason="Storing", actor_id=secretary.id, now=NOON
    )

    assert await lifecycle.record_boundaries(tx, now=CLOSES) == 1  # it opened
    assert await lifecycle.record_boundaries(tx, now=CLOSES + A_DAY) == 1
    assert (await facts(tx))[-1] == ("consultation.closed", CLOSES + A_DAY)
