from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consultations import endorsements, ideas, merge_queries, merge_rules, merging, moving, queries, support_queries
from consultations.merge_models import IdeaMerge
from consultations.merge_states import Parting
from consultations.models import Consultation, Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import WriteSession
from kernel.errors import ChangedMeanwhile
from kernel.events import EventRecord
from tests.builders import a_consultation, a_decision, a_person, an_idea
from tests.moments import NOON

WHY = "Beide ideeën gaan over bankjes in het Prinsenpark."


async def some_ideas(tx: WriteSession, number: int, **given: Any) -> tuple[Consultation, list[Idea], int]:
    """Published ideas of one consultation, and who merges them."""
    consultation = await a_consultation(tx)
    found = [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, **given) for _ in range(number)]
    return consultation, found, (await a_person(tx)).id


async def put(tx: WriteSession, idea: Idea, into: Idea, by: int) -> IdeaMerge:
    return await merging.merge(tx, idea=idea, into=into, reason=WHY, actor_id=by, now=NOON)


async def support(tx: WriteSession, idea: Idea, *people: int) -> None:
    for person_id in people:
        await endorsements.endorse(tx, idea=idea, person_id=person_id, now=NOON)


async def facts_of(tx: WriteSession, idea: Idea) -> list[str]:
    about = select(EventRecord.name).where(EventRecord.subject == f"idea:{idea.id}").order_by(EventRecord.seq)
    return list(await tx.scalars(about))


async def listed(tx: WriteSession, consultation: Consultation) -> set[int]:
    return {idea.id for idea in (await queries.published(tx, consultation.id)).ideas}


async def test_an_idea_goes_on_in_another_and_both_can_be_read(tx: WriteSession) -> None:
    consultation, [one, other], by = await some_ideas(tx, 2)

    await put(tx, one, other, by)

    assert (one.merged_into_id, one.route, one.state) == (other.id, IdeaRoute.MERGED, IdeaState.PUBLISHED)
    assert await listed(tx, consultation) == {other.id}
    assert [idea.id for idea in await merge_queries.taken_in(tx, other.id)] == [one.id]
    assert (await facts_of(tx, one), await facts_of(tx, other)) == (["idea.merged"], ["idea.took_in"])
    ledger = await queries.ledger(tx, consultation.id)
    assert (ledger.received, ledger.published, ledger.routes) == (
        2,
        2,
        {IdeaRoute.UNROUTED: 1, IdeaRoute.MERGED: 1},
    )


async def test_who_supports_both_counts_once(tx: WriteSession) -> None:
    _consultation, [one, other], by = await some_ideas(tx, 2)
    anna, bert, chris, dirk = [(await a_person(tx)).id for _ in range(4)]
    await support(tx, one, anna, bert, chris)
    await support(tx, other, bert, dirk)
    await endorsements.retract(tx, idea=one, person_id=chris, now=NOON)

    await put(tx, one, other, by)

    assert (one.endorsement_count, other.endorsement_count) == (2, 3)
    assert not await endorsements.endorse(tx, idea=other, person_id=anna, now=NOON)
    assert await support_queries.has_endorsed(tx, idea_id=other.id, person_id=anna)
    assert await endorsements.retract(tx, idea=other, person_id=bert, now=NOON)
    assert (one.endorsement_count, other.endorsement_count) == (1, 2)


async def test_a_link_for_support_that_was_sent_before_counts_for_what_carries_it_on(tx: WriteSession) -> None:
    _consultation, [one, other], by = await some_ideas(tx, 2)
    request = await endorsements.ask(tx, idea=one, email="nieuw@waterveen.example", language="nl", now=NOON)
    await put(tx, one, other, by)

    assert await endorsements.confirm(tx, request=request, idea=one, now=NOON)

    assert (one.endorsement_count, other.endorsement_count) == (0, 1)


async def test_undone_everything_is_as_it_was(tx: WriteSession) -> None:
    consultation, [one, other], by = await some_ideas(tx, 2, route=IdeaRoute.IN_THEME)
    anna, bert = [(await a_person(tx)).id for _ in range(2)]
    await support(tx, one, anna, bert)
    await support(tx, other, bert)
    merge = await put(tx, one, other, by)

    await merging.undo(tx, merge=merge, actor_id=by, now=NOON + timedelta(days=13, hours=23))

    assert [(idea.merged_into_id, idea.route) for idea in (one, other)] == [(None, IdeaRoute.IN_THEME)] * 2
    assert (one.endorsement_count, other.endorsement_count) == (2, 1)
    assert await listed(tx, consultation) == {one.id, other.id}
    assert (await facts_of(tx, one))[-1] == "idea.parted"
    assert (await facts_of(tx, other))[-1] == "idea.gave_back"


async def test_a_chain_counts_at_its_end_and_comes_apart_link_by_link(tx: WriteSession) -> None:
    _consultation, [one, other, third], by = await some_ideas(tx, 3)
    anna, bert = [(await a_person(tx)).id for _ in range(2)]
    await support(tx, one, anna)
    await support(tx, other, anna, bert)

    first = await put(tx, one, other, by)
    second = await put(tx, other, third, by)
    assert [idea.merged_into_id for idea in (one, other)] == [third.id, third.id]
    assert [idea.endorsement_count for idea in (one, other, third)] == [1, 2, 2]

    await merging.undo(tx, merge=second, actor_id=by, now=NOON)
    assert [idea.merged_into_id for idea in (one, other)] == [other.id, None]
    await merging.undo(tx, merge=first, actor_id=by, now=NOON)
    assert [idea.merged_into_id for idea in (one, other)] == [None, None]
    assert [idea.endorsement_count for idea in (one, other, third)] == [1, 2, 0]


async def test_a_link_in_the_middle_of_a_chain_can_go_first(tx: WriteSession) -> None:
    _consultation, [one, other, third], by = await some_ideas(tx, 3)
    first = await put(tx, one, other, by)
    await put(tx, other, third, by)

    await merging.undo(tx, merge=first, actor_id=by, now=NOON)

    assert [idea.merged_into_id for idea in (one, other)] == [None, third.id]


async def test_what_others_wrote_does_not_go_with_the_idea_that_is_taken_back(tx: WriteSession) -> None:
    consultation, [one, other], by = await some_ideas(tx, 2)
    await put(tx, one, other, by)

    await ideas.withdraw(tx, idea=other, actor_id=other.author_id, now=NOON)

    assert (one.merged_into_id, one.route) == (None, IdeaRoute.UNROUTED)
    assert await listed(tx, consultation) == {one.id}
    merge = (await tx.scalars(select(IdeaMerge))).one()
    assert (merge.parting, merge.parted_at) == ("left", NOON)


async def test_nor_with_many_that_are_removed_at_once(tx: WriteSession) -> None:
    _consultation, [one, other, third], by = await some_ideas(tx, 3)
    await put(tx, one, other, by)
    for idea in (other, third):
        await a_decision(tx, idea=idea, state=IdeaState.REMOVED)

    await moving.move_all(tx, ideas=[other, third], to=IdeaState.REMOVED, actor_id=by, now=NOON)

    assert (one.merged_into_id, other.state, third.state) == (None, IdeaState.REMOVED, IdeaState.REMOVED)


async def test_taken_back_itself_it_still_comes_apart_without_a_trace_in_the_other(tx: WriteSession) -> None:
    _consultation, [one, other], by = await some_ideas(tx, 2)
    await support(tx, one, (await a_person(tx)).id)
    merge = await put(tx, one, other, by)

    await ideas.withdraw(tx, idea=one, actor_id=one.author_id, now=NOON)
    assert other.endorsement_count == 1
    await merging.undo(tx, merge=merge, actor_id=by, now=NOON)

    assert (one.state, one.merged_into_id, other.endorsement_count) == (IdeaState.WITHDRAWN, None, 0)


async def test_an_answer_is_for_all_whose_ideas_go_on_in_it(tx: WriteSession) -> None:
    _consultation, [one, other], by = await some_ideas(tx, 2)
    merge = await put(tx, one, other, by)

    answered = await ideas.mark_answered(tx, idea_ids=[other.id], actor_id=by, now=NOON)

    assert {idea.id for idea in answered} == {one.id, other.id}
    assert [(idea.route, idea.answered_at) for idea in (one, other)] == [
        (IdeaRoute.MERGED, NOON),
        (IdeaRoute.ANSWERED, NOON),
    ]
    with pytest.raises(merge_rules.TooLateToPart):
        await merging.undo(tx, merge=merge, actor_id=by, now=NOON)


@pytest.mark.parametrize("route", sorted(set(IdeaRoute) - merge_rules.FREE - {IdeaRoute.MERGED}))
async def test_what_the_panel_has_is_not_put_into_another(tx: WriteSession, route: IdeaRoute) -> None:
    _consultation, [one], by = await some_ideas(tx, 1, route=route)
    other = await an_idea(tx, consultation=await queries.by_id(tx, one.consultation_id), state=IdeaState.PUBLISHED)

    with pytest.raises(merge_rules.PanelHasIt):
        await put(tx, one, other, by)


async def test_each_refusal_says_what_stands_in_the_way(tx: WriteSession) -> None:
    consultation, [one, other, third], by = await some_ideas(tx, 3)
    waiting = await an_idea(tx, consultation=consultation)
    elsewhere = await an_idea(tx, state=IdeaState.PUBLISHED)
    await put(tx, one, other, by)

    for idea, into, refusal in (
        (third, third, merge_rules.MergeNeedsTwo),
        (third, elsewhere, merge_rules.MergeNeedsTwo),
        (waiting, other, merge_rules.NotBothPublic),
        (other, waiting, merge_rules.NotBothPublic),
        (one, third, merge_rules.MergedBefore),
        (third, one, merge_rules.IntoMerged),
        (other, one, merge_rules.IntoMerged),
    ):
        with pytest.raises(refusal):
            await put(tx, idea, into, by)


async def test_who_had_something_else_before_them_looks_again(tx: WriteSession) -> None:
    _consultation, [one, other], by = await some_ideas(tx, 2)
    seen = merge_rules.mark_of(one, other)
    await ideas.route(tx, idea_ids=[one.id], route=IdeaRoute.IN_THEME, actor_id=None, now=NOON)

    with pytest.raises(ChangedMeanwhile):
        await merging.merge(tx, idea=one, into=other, reason=WHY, actor_id=by, seen=seen, now=NOON)


async def test_after_fourteen_days_they_stay_together(tx: WriteSession) -> None:
    _consultation, [one, other], by = await some_ideas(tx, 2)
    merge = await put(tx, one, other, by)

    with pytest.raises(merge_rules.TooLateToPart):
        await merging.undo(tx, merge=merge, actor_id=by, now=NOON + timedelta(days=14))


async def test_its_author_has_it_undone_for_good(tx: WriteSession) -> None:
    _consultation, [one, other], by = await some_ideas(tx, 2)
    merge = await put(tx, one, other, by)

    await merging.undo(tx, merge=merge, actor_id=one.author_id, how=Parting.OBJECTED, now=NOON)

    assert one.merged_into_id is None
    with pytest.raises(merge_rules.AuthorRefuses):
        await put(tx, one, other, by)
