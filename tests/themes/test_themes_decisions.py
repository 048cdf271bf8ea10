import random

import pytest
from sqlalchemy import select

from accounts.actor import ANONYMOUS, Actor
from accounts.roles import actor_for
from accounts.states import Role
from consultations import ideas
from consultations.models import Consultation, Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import Database, WriteSession
from kernel.errors import ChangedMeanwhile, NotAllowed, NotFound, SignInFirst
from kernel.events import EventRecord
from tests.builders import a_consultation, a_panel, a_person, a_placement, a_theme, an_idea, put
from tests.moments import NOON
from themes import queries, rules, themes
from themes.models import Placement, Theme, ThemeDecision
from themes.states import DecisionKind, PlacedBy, ThemeState, WhyInRest


async def a_secretary(tx: WriteSession, consultation: Consultation) -> Actor:
    person = await a_person(tx)
    actor = await actor_for(tx, person=person)
    return Actor(
        person_id=actor.person_id, name=actor.name, grants=frozenset({(Role.SECRETARY, consultation.panel_id)})
    )


async def some_ideas(tx: WriteSession, consultation: Consultation, number: int) -> list[Idea]:
    return [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED) for _ in range(number)]


async def where_all_are(tx: WriteSession) -> dict[int, int | None]:
    return {placement.idea_id: placement.theme_id for placement in await tx.scalars(select(Placement))}


async def facts(tx: WriteSession) -> list[str]:
    return [name for name in await tx.scalars(select(EventRecord.name).order_by(EventRecord.id)) if "theme" in name]


async def test_a_new_name_is_by_people_and_leaves_its_decision_and_fact(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    theme = await a_theme(tx, consultation=consultation, name="Bankjes, water")
    secretary = await a_secretary(tx, consultation)

    await themes.rename(tx, theme=theme, name="Rust langs het water", actor=secretary, reason="Korter.", now=NOON)

    assert (theme.name, theme.machine_name, theme.is_named_by_people) == (
        "Rust langs het water",
        "Bankjes, water",
        True,
    )
    [decision] = await tx.scalars(select(ThemeDecision))
    assert (decision.kind, decision.detail, decision.reason, decision.decided_by_id) == (
        DecisionKind.RENAME,
        {"from": "Bankjes, water", "to": "Rust langs het water"},
        "Korter.",
        secretary.person_id,
    )
    [fact] = await tx.scalars(select(EventRecord).where(EventRecord.name == "theme.renamed"))
    assert fact.facts == {"theme_id": theme.id, "consultation_id": consultation.id, "decision_id": decision.id}


async def test_the_same_name_again_changes_nothing(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    theme = await a_theme(tx, consultation=consultation)
    secretary = await a_secretary(tx, consultation)

    for _ in range(2):
        await themes.rename(tx, theme=theme, name="Groen", actor=secretary, now=NOON)

    assert await facts(tx) == ["theme.renamed"]


async def test_two_themes_of_a_consultation_cannot_be_called_the_same(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    await a_theme(tx, consultation=consultation, name="Groen")
    theme = await a_theme(tx, consultation=consultation, name="Bomen")
    elsewhere = await a_theme(tx, consultation=await a_consultation(tx), name="Bomen")

    with pytest.raises(rules.ThemeNameTaken):
        await themes.rename(tx, theme=theme, name="groen", actor=await a_secretary(tx, consultation), now=NOON)
    assert (theme.name, elsewhere.name) == ("Bomen", "Bomen")


async def test_a_merge_takes_all_ideas_along_and_holds_both_together(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    one, two, three = await some_ideas(tx, consultation, 3)
    small = await a_theme(tx, consultation=consultation, ideas=[one])
    large = await a_theme(tx, consultation=consultation, ideas=[two, three])

    await themes.merge(
        tx, theme=small, into=large, actor=await a_secretary(tx, consultation), reason="Eén onderwerp.", now=NOON
    )

    assert (small.state, small.merged_into_id) == (ThemeState.MERGED, large.id)
    assert await where_all_are(tx) == dict.fromkeys([one.id, two.id, three.id], large.id)
    placed = {p.idea_id: (p.placed_by, p.is_locked) for p in await tx.scalars(select(Placement))}
    assert placed == {
        one.id: (PlacedBy.PERSON, True),
        two.id: (PlacedBy.MACHINE, True),
        three.id: (PlacedBy.MACHINE, True),
    }
    assert [overview.theme.id for overview in await queries.current(tx, consultation.id)] == [large.id]
    assert await facts(tx) == ["theme.merged"]


async def test_a_theme_goes_only_into_another_current_theme_of_its_consultation(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    theme = await a_theme(tx, consultation=consultation)
    secretary = await a_secretary(tx, consultation)
    gone = await a_theme(tx, consultation=consultation, state=ThemeState.DISSOLVED)

    with pytest.raises(rules.SameTheme):
        await themes.merge(tx, theme=theme, into=theme, actor=secretary, now=NOON)
    with pytest.raises(rules.SameTheme):
        foreign = await a_theme(tx, consultation=await a_consultation(tx))
        await themes.merge(tx, theme=theme, into=foreign, actor=secretary, now=NOON)
    with pytest.raises(ChangedMeanwhile):
        await themes.merge(tx, theme=theme, into=gone, actor=secretary, now=NOON)
    with pytest.raises(ChangedMeanwhile):
        await themes.merge(tx, theme=gone, into=theme, actor=secretary, now=NOON)
    assert await facts(tx) == []


async def test_a_split_makes_a_theme_named_by_people_and_holds_both_sides_apart(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    one, two, three = await some_ideas(tx, consultation, 3)
    theme = await a_theme(tx, consultation=consultation, ideas=[one, two, three])

    new = await themes.split(
        tx,
        theme=theme,
        idea_ids=[two.id],
        name="Bankjes bij de kerk",
        actor=await a_secretary(tx, consultation),
        now=NOON,
    )

    assert (new.name, new.is_named_by_people, new.representative_ids) == ("Bankjes bij de kerk", True, [two.id])
    assert await where_all_are(tx) == {one.id: theme.id, two.id: new.id, three.id: theme.id}
    assert set(await tx.scalars(select(Placement.is_locked))) == {True}
    assert await facts(tx) == ["theme.split"]


async def test_a_split_takes_ideas_of_the_theme_and_leaves_some(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    one, two, elsewhere = await some_ideas(tx, consultation, 3)
    theme = await a_theme(tx, consultation=consultation, ideas=[one, two])
    secretary = await a_secretary(tx, consultation)

    for ids, refusal in (
        ([], ChangedMeanwhile),
        ([elsewhere.id], ChangedMeanwhile),
        ([one.id, two.id], rules.ThemeWouldBeEmpty),
    ):
        with pytest.raises(refusal):
            await themes.split(tx, theme=theme, idea_ids=ids, name="Nieuw", actor=secretary, now=NOON)
    assert await facts(tx) == []


async def test_a_moved_idea_is_placed_by_a_person_and_says_why(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    [idea] = await some_ideas(tx, consultation, 1)
    old = await a_theme(tx, consultation=consultation, ideas=[idea])
    new = await a_theme(tx, consultation=consultation)

    await themes.move(
        tx, idea=idea, to=new, actor=await a_secretary(tx, consultation), reason="Gaat over de kerk.", now=NOON
    )

    placed = await queries.placement_of(tx, idea.id)
    assert placed is not None
    assert (placed.theme, placed.why_in_rest) == (new, None)
    assert placed.moved is not None
    assert (placed.moved.reason, placed.moved.detail["from_id"], placed.moved.detail["to_id"]) == (
        "Gaat over de kerk.",
        old.id,
        new.id,
    )
    assert await facts(tx) == ["theme.idea_moved"]


async def test_the_route_follows_the_place_unless_the_idea_went_further(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    new, further = await some_ideas(tx, consultation, 2)
    await ideas.route(tx, idea_ids=[further.id], route=IdeaRoute.ON_AGENDA, actor_id=None, now=NOON)
    theme = await a_theme(tx, consultation=consultation)
    await a_placement(tx, idea=further, theme=theme)
    secretary = await a_secretary(tx, consultation)

    await themes.move(tx, idea=new, to=theme, actor=secretary, now=NOON)
    into = (await tx.scalars(select(Idea.route).order_by(Idea.id))).all()
    for idea in (new, further):
        await tx.refresh(idea)
        await themes.move(tx, idea=idea, to=None, actor=secretary, now=NOON)
    out = (await tx.scalars(select(Idea.route).order_by(Idea.id))).all()

    assert into == [IdeaRoute.IN_THEME, IdeaRoute.ON_AGENDA]
    assert out == [IdeaRoute.UNROUTED, IdeaRoute.ON_AGENDA]
    placed = await queries.placement_of(tx, new.id)
    assert placed is not None
    assert placed.why_in_rest is WhyInRest.BY_PEOPLE


async def test_moving_an_idea_to_where_it_is_changes_nothing(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    placed, nowhere = await some_ideas(tx, consultation, 2)
    theme = await a_theme(tx, consultation=consultation, ideas=[placed])
    secretary = await a_secretary(tx, consultation)

    await themes.move(tx, idea=placed, to=theme, actor=secretary, now=NOON)
    await themes.move(tx, idea=nowhere, to=None, actor=secretary, now=NOON)

    assert await facts(tx) == []


async def test_an_idea_that_is_not_public_cannot_be_moved(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.REMOVED)
    theme = await a_theme(tx, consultation=consultation)

    with pytest.raises(NotFound):
        await themes.move(tx, idea=idea, to=theme, actor=await a_secretary(tx, consultation), now=NOON)


async def test_a_lock_is_set_and_taken_off_once(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    theme = await a_theme(tx, consultation=consultation)
    secretary = await a_secretary(tx, consultation)

    for verb in (themes.lock, themes.lock, themes.unlock, themes.unlock):
        await verb(tx, theme=theme, actor=secretary, now=NOON)

    assert await facts(tx) == ["theme.locked", "theme.unlocked"]
    assert theme.is_locked is False


@pytest.mark.parametrize("who", ["nobody", "resident", "moderator", "auditor", "secretary of another panel"])
async def test_only_the_secretary_of_the_panel_decides(tx: WriteSession, who: str) -> None:
    consultation = await a_consultation(tx)
    idea, other = await some_ideas(tx, consultation, 2)
    theme = await a_theme(tx, consultation=consultation, ideas=[idea, other])
    second = await a_theme(tx, consultation=consultation)
    person, panel = await a_person(tx), await a_panel(tx)
    actor, refusal = {
        "nobody": (ANONYMOUS, SignInFirst),
        "resident": (Actor(person_id=person.id), NotFound),
        "moderator": (Actor(person_id=person.id, grants=frozenset({(Role.MODERATOR, None)})), NotFound),
        "auditor": (Actor(person_id=person.id, grants=frozenset({(Role.AUDITOR, None)})), NotAllowed),
        "secretary of another panel": (
            Actor(person_id=person.id, grants=frozenset({(Role.SECRETARY, panel.id)})),
            NotFound,
        ),
    }[who]

    for attempt in (
        themes.rename(tx, theme=theme, name="Anders", actor=actor, now=NOON),
        themes.merge(tx, theme=theme, into=second, actor=actor, now=NOON),
        themes.split(tx, theme=theme, idea_ids=[idea.id], name="Nieuw", actor=actor, now=NOON),
        themes.move(tx, idea=idea, to=second, actor=actor, now=NOON),
        themes.lock(tx, theme=theme, actor=actor, now=NOON),
        themes.unlock(tx, theme=theme, actor=actor, now=NOON),
    ):
        with pytest.raises(refusal):
            await attempt
    assert await facts(tx) == []


@pytest.mark.parametrize("seed", range(6))
async def test_every_published_idea_is_in_one_place_whatever_people_decide(database: Database, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a repeatable story, no secret
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        ideas = await some_ideas(tx, consultation, 14)
        for start in (0, 4, 8):
            await a_theme(tx, consultation=consultation, ideas=ideas[start : start + 4])
        await a_placement(tx, idea=ideas[12])
        secretary = await a_secretary(tx, consultation)
    for step in range(25):
        async with database.write() as tx:
            current = list(await tx.scalars(select(Theme).where(Theme.state == ThemeState.CURRENT).order_by(Theme.id)))
            idea = await tx.get_one(Idea, dice.choice(ideas).id)
            act = dice.choice(["move", "move", "out", "merge", "split", "lock", "unlock", "rename", "hide", "show"])
            theme = dice.choice(current)
            inside = [placed.idea.id for placed in await queries.ideas_of(tx, theme.id)]
            if act in {"move", "out"} and idea.is_public:
                await themes.move(tx, idea=idea, to=theme if act == "move" else None, actor=secretary, now=NOON)
            elif act == "merge" and len(current) > 1:
                into = dice.choice([other for other in current if other is not theme])
                await themes.merge(tx, theme=theme, into=into, actor=secretary, now=NOON)
            elif act == "split" and len(inside) > 1:
                chosen = dice.sample(inside, dice.randint(1, len(inside) - 1))
                await themes.split(tx, theme=theme, idea_ids=chosen, name=f"Stap {step}", actor=secretary, now=NOON)
            elif act in {"lock", "unlock"}:
                await getattr(themes, act)(tx, theme=theme, actor=secretary, now=NOON)
            elif act == "rename":
                await themes.rename(tx, theme=theme, name=f"Naam {step}", actor=secretary, now=NOON)
            elif act in {"hide", "show"}:
                await put(tx, idea, IdeaState.WITHDRAWN if act == "hide" else IdeaState.PUBLISHED)
    async with database.read() as db:
        public = set(await db.scalars(select(Idea.id).where(Idea.state == IdeaState.PUBLISHED)))
        overviews = await queries.current(db, consultation.id)
        listed = [placed.idea.id for overview in overviews for placed in await queries.ideas_of(db, overview.theme.id)]
        rest = [placed.idea.id for placed in await queries.rest(db, consultation.id)]
        sums = await queries.accounting(db, consultation.id)
    assert sorted(listed + rest) == sorted(public)
    assert (sums.published, sums.in_themes, sums.outside) == (len(public), len(listed), len(rest))
    assert sum(overview.count for overview in overviews) == len(listed)
