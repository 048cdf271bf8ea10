"""Words that stand in more than one place, because a submission was split, go everywhere or nowhere."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from accounts.actor import Actor
from consultations import masking as words
from consultations import merge_queries, merge_rules, queries, splitting
from consultations.merge_models import IdeaSplit
from consultations.models import Idea
from consultations.signals import Omission
from consultations.states import IdeaState
from kernel.db import Database, WriteSession
from moderation import appeals, decisions, masking
from moderation.models import Decision
from moderation.states import AppealState, Outcome
from tests.builders import a_moderated_consultation, a_moderator, an_idea
from tests.moderation.test_staff_routes import Browsers, signed_in
from tests.moments import NOON

BODY = "Zet bankjes in het park. Bel Jan Pietersen. Maak het plein groener."
WHY: dict[str, Any] = {"ground_code": "personal_data", "explanation": "U noemt een buurman.", "now": NOON}
UP, GONE = IdeaState.PUBLISHED, IdeaState.REMOVED


async def a_split(tx: WriteSession, by: Actor) -> tuple[Idea, list[Idea], IdeaSplit]:
    consultation = await a_moderated_consultation(tx)
    whole = await an_idea(tx, consultation=consultation, state=UP, title="Mijn ideeën", body=BODY)
    told: dict[str, Any] = {"reason": "Twee ideeën.", "actor_id": by.person_id, "now": NOON}
    made = await splitting.split(tx, idea=whole, shares=[[0, 1], [2]], **told)
    return whole, list(await merge_queries.parts_of(tx, made.id)), made


async def remove(tx: WriteSession, idea: Idea, by: Actor) -> Decision:
    return await decisions.decide(tx, idea=idea, actor=by, outcome=Outcome.REMOVE, **WHY)


@pytest.mark.parametrize("which", [0, 1])
async def test_with_a_part_that_is_removed_goes_the_whole_and_the_other_part_stays(
    tx: WriteSession, which: int
) -> None:
    moderator = await a_moderator(tx)
    whole, parts, _made = await a_split(tx, moderator)
    with pytest.raises(merge_rules.RemoveAPart):
        await remove(tx, whole, moderator)

    await remove(tx, parts[which], moderator)

    expected = [GONE, *(GONE if number == which else UP for number in range(2))]
    assert [idea.state for idea in (whole, *parts)] == expected
    listed = await queries.published(tx, whole.consultation_id)
    assert [idea.id for idea in listed.ideas] == [parts[1 - which].id]
    taken = list(await tx.scalars(select(Decision).order_by(Decision.id)))
    assert {(one.idea_id, one.explanation) for one in taken} == {
        (idea.id, "U noemt een buurman.") for idea in (whole, parts[which])
    }


async def test_of_a_submission_that_was_made_whole_again_everything_goes(tx: WriteSession) -> None:
    moderator = await a_moderator(tx)
    whole, parts, made = await a_split(tx, moderator)
    await splitting.undo(tx, made=made, actor_id=moderator.person_id or 0, now=NOON)

    await remove(tx, whole, moderator)

    assert [idea.state for idea in (whole, *parts)] == [GONE] * 3
    assert not (await queries.published(tx, whole.consultation_id)).ideas


@pytest.mark.parametrize("of_whole", [True, False])
async def test_a_name_goes_from_the_whole_and_from_its_part_and_comes_back_to_both(
    tx: WriteSession, of_whole: bool
) -> None:
    first, second = await a_moderator(tx), await a_moderator(tx)
    whole, parts, _made = await a_split(tx, first)
    idea = whole if of_whole else parts[0]
    cuts = words.cuts_for({"body": idea.body}, "Jan Pietersen", Omission.NAME)
    await masking.mask(tx, idea=idea, actor=first, cuts=cuts, **WHY)

    assert ["Pietersen" in one.body for one in (whole, *parts)] == [False] * 3
    assert ["weggelaten" in one.body for one in (whole, *parts)] == [True, True, False]
    assert len(list(await tx.scalars(select(Decision)))) == 2

    appeal = await appeals.lodge(tx, idea=idea, reason="Jan wil dit.", zone=ZoneInfo("Europe/Amsterdam"), now=NOON)
    verdict: dict[str, Any] = {"verdict": AppealState.REINSTATED, "answer": "Goed.", "now": NOON}
    await appeals.decide(tx, appeal=appeal, actor=second, **verdict)
    assert ["Pietersen" in one.body for one in (whole, *parts)] == [True, True, False]


async def test_a_moderator_reads_beforehand_what_goes_along(database: Database, another: Browsers) -> None:
    async with database.write() as tx:
        moderator = await a_moderator(tx, name="Anna")
        whole, parts, _made = await a_split(tx, moderator)
        anna = await signed_in(tx, another(), moderator)
    await anna.open(f"/moderation/ideas/{whole.id}")
    assert "Haal het deel weg waar het om gaat." in anna.text
    await anna.press("Verwijderen", ground="personal_data", explanation="U noemt een buurman.")
    assert anna.status == 409

    await anna.open(f"/moderation/ideas/{parts[0].id}")
    assert ("Haalt u dit weg, dan verdwijnt ook:" in anna.text, "Mijn ideeën" in anna.text) == (True, True)
    await anna.press("Verwijderen", ground="personal_data", explanation="U noemt een buurman.")
    await anna.open(f"/ideas/{whole.id}")
    assert "Bel Jan" not in anna.text
    await anna.open(f"/ideas/{parts[1].id}")
    assert (anna.status, "Mijn ideeën" in anna.text) == (200, False)
