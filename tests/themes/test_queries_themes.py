from sqlalchemy import select

from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from kernel.db import WriteSession
from tests.builders import a_consultation, a_placement, a_theme, an_idea, put
from themes import history, queries
from themes.models import Placement
from themes.states import ThemeState, WhyInRest


async def supported(tx: WriteSession, consultation: Consultation, *supports: int) -> list[Idea]:
    return [
        await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, endorsement_count=support)
        for support in supports
    ]


async def test_an_overview_counts_what_is_public_and_names_two_ideas(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    ideas = await supported(tx, consultation, 1, 7, 3, 5)
    theme = await a_theme(tx, consultation=consultation, ideas=ideas, representative_ids=[ideas[2].id, ideas[0].id])
    await put(tx, ideas[0], IdeaState.WITHDRAWN)

    [overview] = await queries.current(tx, consultation.id)

    assert (overview.theme.id, overview.count, overview.support) == (theme.id, 3, 15)
    # the second that the machine chose is gone: the most supported one speaks in its place
    assert [idea.id for idea in overview.representatives] == [ideas[2].id, ideas[1].id]


async def test_an_idea_in_a_theme_that_is_no_more_counts_to_what_is_not_yet_placed(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    ideas = await supported(tx, consultation, 0, 0, 0)
    await a_theme(tx, consultation=consultation, ideas=ideas[:1], state=ThemeState.DISSOLVED)
    await a_placement(tx, idea=ideas[1], why_in_rest=WhyInRest.NO_SHARED_SUBJECT)

    sums = await queries.accounting(tx, consultation.id)

    assert (sums.published, sums.in_themes, sums.rest, sums.not_yet, sums.outside) == (3, 0, 1, 2, 3)
    assert [placed.why_in_rest for placed in await queries.rest(tx, consultation.id)] == [
        WhyInRest.NOT_YET,
        WhyInRest.NO_SHARED_SUBJECT,
        WhyInRest.NOT_YET,
    ]


async def test_only_ideas_of_this_consultation_are_counted(tx: WriteSession) -> None:
    consultation, other = await a_consultation(tx), await a_consultation(tx)
    await a_theme(tx, consultation=other, ideas=await supported(tx, other, 1))

    assert await queries.current(tx, consultation.id) == []
    assert (await queries.accounting(tx, consultation.id)).published == 0
    assert await queries.rest(tx, consultation.id) == []


async def test_an_idea_that_is_not_public_has_no_place(tx: WriteSession) -> None:
    idea = await an_idea(tx)

    assert await queries.placement_of(tx, idea.id) is None


async def test_lists_of_ideas_get_their_themes_in_one_question(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    ideas = await supported(tx, consultation, 0, 0, 0)
    theme = await a_theme(tx, consultation=consultation, ideas=ideas[:2])
    await a_placement(tx, idea=ideas[2])

    found = await queries.themes_of(tx, [idea.id for idea in ideas])

    assert found == {ideas[0].id: theme, ideas[1].id: theme}


async def test_the_desk_counts_each_consultation_of_the_panel(tx: WriteSession) -> None:
    consultation, other = await a_consultation(tx), await a_consultation(tx)
    ideas = await supported(tx, consultation, 0, 0)
    await a_theme(tx, consultation=consultation, ideas=ideas[:1])

    of_panel = await history.arrangements(tx, panel_ids={consultation.panel_id})
    of_all = await history.arrangements(tx, panel_ids=None)

    assert [(one.consultation.id, one.sums.published, one.theme_count, one.run) for one in of_panel] == [
        (consultation.id, 2, 1, None)
    ]
    assert {one.consultation.id for one in of_all} == {consultation.id, other.id}
    assert len(list(await tx.scalars(select(Placement)))) == 1
