"""What is said between an author and staff: rows, facts, refusals."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from accounts.actor import ANONYMOUS
from accounts.states import Role
from consultations import ideas
from consultations.models import Idea
from consultations.rules import Blocked
from consultations.states import IdeaState
from conversations import conversations, queries, questions, rules, theme_queries
from conversations.models import Contribution, Conversation
from conversations.states import Side, Way
from kernel.db import WriteSession
from kernel.errors import NotAllowed, NotFound, SignInFirst, TooOften
from kernel.events import EventRecord
from tests.builders import a_panel, a_person, a_theme, an_idea
from tests.conversations.scene import Scene, a_scene, actor
from tests.moments import NOON

LATER = NOON + timedelta(hours=1)


async def asked(tx: WriteSession, scene: Scene, side: Side = Side.PANEL, **given: Any) -> Contribution:
    who = scene.member if side is Side.PANEL else scene.moderator
    told = {"actor": who, "body": "Waar precies?", "asks": True, "now": NOON, **given}
    return await conversations.ask(tx, idea=scene.idea, side=side, **told)


async def answered(tx: WriteSession, scene: Scene, side: Side = Side.PANEL, **given: Any) -> Contribution:
    told = {"body": "Bij de sluis.", "now": LATER, **given}
    return await conversations.answer(tx, idea=scene.idea, side=side, **told)


async def facts(tx: WriteSession) -> list[tuple[str, int | None]]:
    wanted = select(EventRecord).where(EventRecord.name.startswith("conversation.")).order_by(EventRecord.id)
    return [(one.name, one.actor_id) for one in await tx.scalars(wanted)]


async def test_a_question_and_its_answer_stand_below_each_other(tx: WriteSession) -> None:
    scene = await a_scene(tx)

    question = await asked(tx, scene)
    answer = await answered(tx, scene)

    found = await queries.spoken(tx, question.conversation_id)
    assert [(one.contribution.body, one.writer, one.is_open) for one in found] == [
        ("Waar precies?", "Mina Lid", False),
        ("Bij de sluis.", "Aaltje Bron", False),
    ]
    assert (answer.answers_id, answer.is_authors, answer.way) == (question.id, True, Way.WEB)
    assert await facts(tx) == [
        ("conversation.asked", scene.member.person_id),
        ("conversation.answered", scene.author.id),
    ]


async def test_a_question_is_open_until_it_is_answered(tx: WriteSession) -> None:
    scene = await a_scene(tx)

    await asked(tx, scene)
    await asked(tx, scene, body="Dank, en verder niets.", asks=False)
    assert await queries.about_idea(tx, scene.idea.id) == {Side.PANEL: 1}

    await answered(tx, scene)
    assert await queries.about_idea(tx, scene.idea.id) == {Side.PANEL: 0}


async def test_an_answer_answers_the_question_it_names(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    first, second = await asked(tx, scene), await asked(tx, scene, body="En wanneer?")
    elsewhere = await asked(tx, scene, Side.MODERATORS)

    assert (await answered(tx, scene, answers_id=first.id)).answers_id == first.id
    assert (await answered(tx, scene, answers_id=elsewhere.id)).answers_id == second.id
    assert (await answered(tx, scene)).answers_id is None


async def test_an_author_may_write_to_the_moderators_first_but_not_to_the_panel(tx: WriteSession) -> None:
    scene = await a_scene(tx)

    written = await answered(tx, scene, Side.MODERATORS)
    assert (written.number, written.answers_id) == (1, None)
    with pytest.raises(rules.ConversationOver):
        await answered(tx, scene, Side.PANEL)


@pytest.mark.parametrize("side", Side)
async def test_only_who_speaks_for_a_side_writes_for_it(tx: WriteSession, side: Side) -> None:
    scene = await a_scene(tx)
    reads_along = await actor(tx, Role.AUDITOR)
    elsewhere = await actor(tx, Role.MEMBER, await a_panel(tx))
    other_side = scene.moderator if side is Side.PANEL else scene.member

    for who, refusal in (
        (reads_along, NotAllowed),
        (elsewhere, NotFound),
        (other_side, NotFound),
        (ANONYMOUS, SignInFirst),
    ):
        with pytest.raises(refusal):
            await asked(tx, scene, side, actor=who)


@pytest.mark.parametrize("state", IdeaState)
def test_the_panel_asks_about_what_is_public_and_moderators_about_what_was_sent_in(state: IdeaState) -> None:
    idea = Idea(state=state, external_id=None)

    unsent = {IdeaState.DRAFT, IdeaState.SUBMITTED, IdeaState.WITHDRAWN}
    assert rules.takes_questions(idea, Side.PANEL) == (state is IdeaState.PUBLISHED)
    assert rules.takes_questions(idea, Side.MODERATORS) == (state not in unsent)


async def test_nobody_is_asked_about_an_idea_from_a_file(tx: WriteSession) -> None:
    scene = await a_scene(tx, external_id="regel-12")

    with pytest.raises(rules.NotToAsk):
        await asked(tx, scene)


async def test_after_withdrawing_nobody_writes_any_more(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    await asked(tx, scene)
    await ideas.withdraw(tx, idea=scene.idea, actor_id=scene.author.id, now=NOON)

    with pytest.raises(rules.ConversationOver):
        await answered(tx, scene)


async def test_who_is_blocked_answers_moderators_only(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    await asked(tx, scene)
    await asked(tx, scene, Side.MODERATORS)
    await a_person(tx, role=Role.BLOCKED, email=scene.author.email)

    await answered(tx, scene, Side.MODERATORS)
    with pytest.raises(Blocked):
        await answered(tx, scene)


async def test_twenty_a_day_is_enough(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    for number in range(rules.A_DAY):
        await answered(tx, scene, Side.MODERATORS, body=f"Nummer {number}")

    with pytest.raises(TooOften):
        await answered(tx, scene, Side.MODERATORS)
    await answered(tx, scene, Side.MODERATORS, now=LATER + timedelta(days=1, seconds=1))


async def test_what_waits_for_staff_comes_first_until_it_is_read(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    await asked(tx, scene)
    sides = {Side.PANEL: [scene.panel.id]}
    assert [(one.waits_for_us, one.is_open) for one in await queries.listed(tx, sides)] == [(False, True)]

    await answered(tx, scene)
    assert await queries.how_many_wait(tx, sides) == 1
    [conversation] = [one.conversation for one in await queries.listed(tx, sides)]
    await conversations.set_read(tx, conversation=conversation, idea=scene.idea, actor=scene.member, now=LATER)
    await conversations.set_read(tx, conversation=conversation, idea=scene.idea, actor=scene.member, now=LATER)

    assert await queries.how_many_wait(tx, sides) == 0
    assert [name for name, _ in await facts(tx)][-2:] == ["conversation.answered", "conversation.read"]
    assert await queries.listed(tx, {Side.PANEL: [scene.panel.id + 99]}) == []
    assert await queries.listed(tx, {Side.MODERATORS: None}) == []


# the database itself


async def test_what_was_said_never_changes_and_answers_only_questions(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    question = await asked(tx, scene)
    answer = await answered(tx, scene)
    told = {"conversation_id": question.conversation_id, "writer_id": scene.author.id, "way": Way.WEB, "asks": False}
    wrong = [
        update(Contribution).values(body="Anders."),
        update(Contribution).values(writer_id=scene.author.id),
        update(Conversation).values(side=Side.MODERATORS),
    ]
    for statement in wrong:
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                await tx.execute(statement.execution_options(synchronize_session=False))
    for given in (
        {"number": 8, "is_authors": True, "answers_id": answer.id, "body": "Ja."},
        {"number": 8, "is_authors": True, "answers_id": None, "body": " "},
        {"number": 2, "is_authors": True, "answers_id": None, "body": "Nog eens."},
    ):
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                tx.add(Contribution(**told, **given, theme_question_id=None, written_at=NOON))
    await tx.execute(update(Contribution).values(body="").execution_options(synchronize_session=False))


# one question to all authors of a theme


async def test_every_author_of_a_theme_is_asked_once(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    theirs: dict[str, Any] = {"consultation": scene.consultation, "state": IdeaState.PUBLISHED}
    second = await an_idea(tx, author=scene.author, endorsement_count=5, **theirs)
    other = await an_idea(tx, **theirs)
    from_a_file = await an_idea(tx, external_id="regel-3", **theirs)
    hidden = await an_idea(tx, consultation=scene.consultation, state=IdeaState.HELD)
    theme = await a_theme(tx, consultation=scene.consultation, ideas=[second, other, from_a_file, hidden])

    question = await questions.ask(tx, theme=theme, actor=scene.member, body="Hoe vaak?", now=NOON)

    told = select(Conversation.idea_id, Contribution.theme_question_id, Contribution.body, Contribution.asks)
    rows = (await tx.execute(told.join(Contribution).order_by(Conversation.idea_id))).all()
    assert [tuple(row) for row in rows] == [(one.id, question.id, "Hoe vaak?", True) for one in (second, other)]
    assert [name for name, _ in await facts(tx)] == ["conversation.asked"] * 2


async def test_the_answers_to_a_theme_question_are_read_together(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    question = await questions.ask(tx, theme=scene.theme, actor=scene.member, body="Hoe vaak?", now=NOON)
    single = await asked(tx, scene)
    shared = select(Contribution.id).where(Contribution.theme_question_id == question.id)

    await answered(tx, scene, body="Elke week.", answers_id=await tx.scalar(shared))
    [counted] = await theme_queries.asked_of(tx, [scene.theme.id])
    answers = await theme_queries.answers_to(tx, [question.id])

    assert (counted.asked, counted.answered) == (1, 1)
    assert [(said.body, idea.id) for said, idea in answers[question.id]] == [("Elke week.", scene.idea.id)]
    assert await theme_queries.unanswered(tx, scene.panel.id, before=LATER) == ([single.id], [])


async def test_the_list_leaves_out_whom_only_a_theme_question_went_to(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    await questions.ask(tx, theme=scene.theme, actor=scene.member, body="Hoe vaak?", now=NOON)
    sides = {Side.PANEL: [scene.panel.id]}
    assert await queries.listed(tx, sides) == []

    await answered(tx, scene)
    assert [one.waits_for_us for one in await queries.listed(tx, sides)] == [True]


async def test_authors_are_not_asked_all_the_time(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    for _ in range(rules.THEME_A_WEEK):
        await questions.ask(tx, theme=scene.theme, actor=scene.member, body="Hoe vaak?", now=NOON)

    with pytest.raises(TooOften):
        await questions.ask(tx, theme=scene.theme, actor=scene.member, body="Hoe vaak?", now=NOON)


async def test_a_theme_without_authors_is_not_asked(tx: WriteSession) -> None:
    scene = await a_scene(tx)
    empty = await a_theme(tx, consultation=scene.consultation)

    with pytest.raises(rules.NobodyToAsk):
        await questions.ask(tx, theme=empty, actor=scene.member, body="Hoe vaak?", now=NOON)
    with pytest.raises(NotFound):
        stranger = replace(scene.member, grants=frozenset({(Role.MEMBER, scene.panel.id + 99)}))
        await questions.ask(tx, theme=scene.theme, actor=stranger, body="Hoe vaak?", now=NOON)
