from datetime import timedelta

import pytest

from consultations import endorsements, merge_queries, merge_rules, merging, queries, splitting
from consultations.merge_models import IdeaSplit
from consultations.models import Idea
from consultations.pieces import pieces_of, together
from consultations.states import IdeaRoute, IdeaState
from kernel.db import WriteSession
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import NOON

BODY = "Zet bankjes in het park. Dan kan ik zitten.\n\nEn maak het plein groener! Bijv. met bomen."
WHY = "Er staan twee ideeën in uw tekst."


async def a_split(tx: WriteSession) -> tuple[Idea, IdeaSplit, list[Idea], int]:
    """A published idea of two supporters that was split in two."""
    whole = await an_idea(tx, state=IdeaState.PUBLISHED, body=BODY, place="Centrum")
    for _ in range(2):
        await endorsements.endorse(tx, idea=whole, person_id=(await a_person(tx)).id, now=NOON)
    by = (await a_person(tx)).id
    made = await splitting.split(tx, idea=whole, shares=[[0, 1], [2, 3, 4]], reason=WHY, actor_id=by, now=NOON)
    return whole, made, list(await merge_queries.parts_of(tx, made.id)), by


def test_every_word_of_a_text_is_in_one_piece() -> None:
    pieces = pieces_of(BODY)

    assert [piece.words for piece in pieces] == [
        "Zet bankjes in het park.",
        "Dan kan ik zitten.",
        "En maak het plein groener!",
        "Bijv.",
        "met bomen.",
    ]
    assert together(pieces, range(5)) == BODY
    assert together(pieces, [0, 3, 4]) == "Zet bankjes in het park.\n\nBijv. met bomen."


async def test_each_part_is_an_idea_of_its_author_in_its_own_words(tx: WriteSession) -> None:
    whole, _made, parts, _by = await a_split(tx)

    assert [part.body for part in parts] == [
        "Zet bankjes in het park. Dan kan ik zitten.",
        "En maak het plein groener! Bijv. met bomen.",
    ]
    for part in parts:
        same = (part.author_id, part.received_at, part.place, part.state)
        assert same == (whole.author_id, whole.received_at, "Centrum", IdeaState.PUBLISHED)
    listed = await queries.published(tx, whole.consultation_id)
    assert {idea.id for idea in listed.ideas} == {part.id for part in parts}
    ledger = await queries.ledger(tx, whole.consultation_id)
    assert (ledger.received, ledger.routes) == (3, {IdeaRoute.UNROUTED: 2, IdeaRoute.MERGED: 1})


async def test_support_for_the_whole_counts_with_the_first_part_alone(tx: WriteSession) -> None:
    whole, _made, parts, _by = await a_split(tx)

    assert (whole.endorsement_count, [part.endorsement_count for part in parts]) == (2, [2, 0])
    assert whole.merged_into_id == parts[0].id


async def test_undone_the_whole_stands_again_with_the_support_its_parts_got(tx: WriteSession) -> None:
    whole, made, parts, by = await a_split(tx)
    await endorsements.endorse(tx, idea=parts[1], person_id=(await a_person(tx)).id, now=NOON)

    await splitting.undo(tx, made=made, actor_id=by, now=NOON + timedelta(days=13))

    assert (whole.merged_into_id, whole.route, whole.endorsement_count) == (None, IdeaRoute.UNROUTED, 3)
    assert [part.merged_into_id for part in parts] == [whole.id, whole.id]
    assert {idea.id for idea in (await queries.published(tx, whole.consultation_id)).ideas} == {whole.id}
    with pytest.raises(merge_rules.TooLateToPart):
        await splitting.undo(tx, made=made, actor_id=by, now=NOON)


async def test_a_part_that_went_on_elsewhere_is_taken_out_of_there_first(tx: WriteSession) -> None:
    whole, made, parts, by = await a_split(tx)
    consultation = await queries.by_id(tx, whole.consultation_id)
    other = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    merge = await merging.merge(tx, idea=parts[0], into=other, reason=WHY, actor_id=by, now=NOON)
    assert (whole.merged_into_id, other.endorsement_count) == (other.id, 2)

    with pytest.raises(merge_rules.PartWentOn):
        await splitting.undo(tx, made=made, actor_id=by, now=NOON)

    await merging.undo(tx, merge=merge, actor_id=by, now=NOON)
    assert whole.merged_into_id == parts[0].id
    await splitting.undo(tx, made=made, actor_id=by, now=NOON)
    await tx.refresh(whole)
    assert (whole.merged_into_id is None, other.endorsement_count) == (True, 0)


async def test_the_words_of_a_part_that_is_taken_back_go_from_the_whole_too(tx: WriteSession) -> None:
    whole, _made, parts, _by = await a_split(tx)

    await splitting.withdraw(tx, idea=parts[1], actor_id=whole.author_id, now=NOON)

    assert [idea.state for idea in (whole, *parts)] == [
        IdeaState.WITHDRAWN,
        IdeaState.PUBLISHED,
        IdeaState.WITHDRAWN,
    ]
    assert (whole.body, parts[0].body, parts[1].body) == ("", "Zet bankjes in het park. Dan kan ik zitten.", "")


@pytest.mark.parametrize("is_undone", [False, True])
async def test_with_the_whole_go_all_its_parts(tx: WriteSession, is_undone: bool) -> None:
    whole, made, parts, by = await a_split(tx)
    if is_undone:
        await splitting.undo(tx, made=made, actor_id=by, now=NOON)

    await splitting.withdraw(tx, idea=whole, actor_id=whole.author_id, now=NOON)

    assert {idea.state for idea in (whole, *parts)} == {IdeaState.WITHDRAWN}
    assert {idea.body for idea in (whole, *parts)} == {""}


@pytest.mark.parametrize("shares", [[[0]], [[0], []], [[0], [9]], [[0], [1], [2], [3], [4]]])
async def test_a_split_has_two_to_four_parts_with_words_in_each(tx: WriteSession, shares: list[list[int]]) -> None:
    whole = await an_idea(tx, consultation=await a_consultation(tx), state=IdeaState.PUBLISHED, body=BODY)

    with pytest.raises(merge_rules.NotToSplit):
        await splitting.split(tx, idea=whole, shares=shares, reason=WHY, actor_id=whole.author_id, now=NOON)
