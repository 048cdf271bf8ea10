from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.actor import Actor
from accounts.states import Role
from consultations.models import Consultation, Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import Database, WriteSession
from kernel.events import EventRecord
from tests.arithmetic import Shared
from tests.builders import a_consultation, a_person, a_placement, a_theme, an_idea
from tests.moments import NOON
from tests.themes.forty_ideas import TITLES
from themes import queries, themes
from themes.models import ClusterRun, IdeaVector, Placement, Theme
from themes.states import PlacedBy, ThemeState, WhyInRest
from themes.worker import Worker


@pytest.fixture
def worker() -> Worker:
    return Shared()


async def a_secretary(tx: WriteSession, consultation: Consultation) -> Actor:
    person = await a_person(tx)
    return Actor(person_id=person.id, grants=frozenset({(Role.SECRETARY, consultation.panel_id)}))


async def test_a_run_places_every_idea_and_later_runs_keep_what_people_decided(
    database: Database, worker: Worker
) -> None:
    """One long story, because the machine needs seconds to wake up."""
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        secretary = await a_secretary(tx, consultation)
        author = await a_person(tx)
        for title in TITLES:
            await an_idea(tx, consultation=consultation, author=author, title=title, body="", state=IdeaState.PUBLISHED)
    make = partial(
        themes.make,
        database,
        consultation_id=consultation.id,
        actor_id=secretary.person_id,
        now=NOON,
        worker=worker,
    )

    first = await make()

    assert (first.embedded, first.run.idea_count, first.run.model) == (40, 40, "use-multilingual 3")
    async with database.read() as db:
        overviews = await queries.current(db, consultation.id)
        sums = await queries.accounting(db, consultation.id)
        placed = list(await db.scalars(select(Placement).where(Placement.theme_id.is_not(None))))
        routes = dict.fromkeys(await db.scalars(select(Idea.route).join(Placement).where(Placement.theme_id > 0)))
        facts = list(await db.scalars(select(EventRecord.facts).where(EventRecord.name.contains("themes_made"))))
    assert (sums.published, sums.in_themes + sums.rest, sums.not_yet) == (40, 40, 0)
    assert len(overviews) == first.run.theme_count
    assert 4 <= len(overviews) <= 13
    assert all(len(overview.representatives) == 2 and overview.theme.name for overview in overviews)
    assert all(placement.nearest_ids for placement in placed)
    assert list(routes) == [IdeaRoute.IN_THEME]
    assert facts == [{"consultation_id": consultation.id, "run_id": first.run.id}]

    # people decide
    async with database.write() as tx:
        by_size = await queries.current(tx, consultation.id)
        kept, smallest, locked, emptied = by_size[0].theme, by_size[-1].theme, by_size[1].theme, by_size[2].theme
        await themes.rename(tx, theme=kept, name="Zoals wij het noemen", actor=secretary, now=NOON)
        await themes.lock(tx, theme=locked, actor=secretary, now=NOON)
        await themes.merge(tx, theme=smallest, into=kept, actor=secretary, now=NOON)
        inside = await queries.ideas_of(tx, emptied.id)
        apart = await themes.split(
            tx, theme=emptied, idea_ids=[inside[0].idea.id], name="Apart gezet", actor=secretary, now=NOON
        )
        out, strange = inside[-1].idea, (await queries.ideas_of(tx, locked.id))[0].idea
        await themes.move(tx, idea=out, to=None, actor=secretary, now=NOON)
        await themes.move(tx, idea=strange, to=kept, actor=secretary, now=NOON)
        decided = {
            placement.idea_id: placement.theme_id
            for placement in await tx.scalars(select(Placement).where(Placement.is_locked))
        } | {placed.idea.id: locked.id for placed in await queries.ideas_of(tx, locked.id)}
        newcomer = await an_idea(
            tx,
            consultation=consultation,
            title="Nog meer bomen en groen in de straat",
            body="",
            state=IdeaState.PUBLISHED,
        )
    async with database.read() as db:
        new = await queries.placement_of(db, newcomer.id)
        assert new is not None
        assert (new.theme, new.why_in_rest) == (None, WhyInRest.NOT_YET)

    second = await make()

    assert second.embedded == 1
    async with database.read() as db:
        now_at = {placement.idea_id: placement.theme_id for placement in await db.scalars(select(Placement))}
        names = {theme.id: theme.name for theme in await db.scalars(select(Theme))}
        sums = await queries.accounting(db, consultation.id)
        merged = await queries.theme(db, smallest.id)
        vectors = await db.scalar(select(func.count()).select_from(IdeaVector))
    assert {idea_id: now_at[idea_id] for idea_id in decided} == decided
    assert (names[kept.id], names[apart.id], names[locked.id]) == ("Zoals wij het noemen", "Apart gezet", locked.name)
    assert (merged.state, merged.merged_into_id) == (ThemeState.MERGED, kept.id)
    assert (sums.published, sums.in_themes + sums.rest, sums.not_yet, vectors) == (41, 41, 0, 41)

    # the same ideas again: every theme keeps its id
    third = await make()

    assert third.embedded == 0
    async with database.read() as db:
        again = {placement.idea_id: placement.theme_id for placement in await db.scalars(select(Placement))}
        runs = (await db.scalars(select(ClusterRun.idea_count).order_by(ClusterRun.id))).all()
    assert {idea_id: again[idea_id] for idea_id in decided} == decided
    moved = [idea_id for idea_id in again if again[idea_id] != now_at[idea_id]]
    assert len(moved) <= 4, "a run over the same ideas leaves nearly all where they are"
    assert runs == [40, 41, 41]


async def test_a_consultation_without_ideas_has_a_run_and_no_themes(database: Database, worker: Worker) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)

    made = await themes.make(database, consultation_id=consultation.id, actor_id=None, now=NOON, worker=worker)

    assert (made.run.idea_count, made.run.theme_count, made.run.rest_count) == (0, 0, 0)


async def test_a_run_starts_again_when_people_decide_meanwhile(database: Database, worker: Worker) -> None:
    """The secretary names a theme while the worker thinks; the name is not lost."""
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        secretary = await a_secretary(tx, consultation)
        ideas = [
            await an_idea(tx, consultation=consultation, title=title, state=IdeaState.PUBLISHED) for title in TITLES[:3]
        ]
        theme = await a_theme(tx, consultation=consultation, ideas=ideas[:2])

    class Interrupted(Worker):
        asked = 0

        async def _ask(self, name: str, *given: object, **named: object) -> Any:
            if name == "find_clusters":
                self.asked += 1
            if self.asked == 1:
                async with database.write() as tx:
                    found = await queries.theme(tx, theme.id)
                    await themes.rename(tx, theme=found, name="Intussen zo genoemd", actor=secretary, now=NOON)
            return await worker._ask(name, *given, **named)

    interrupted = Interrupted()
    await themes.make(database, consultation_id=consultation.id, actor_id=None, now=NOON, worker=interrupted)

    assert interrupted.asked == 2
    async with database.read() as db:
        assert (await queries.theme(db, theme.id)).name == "Intussen zo genoemd"


async def test_an_idea_a_person_left_in_the_rest_and_a_theme_that_lost_its_ideas(
    database: Database, worker: Worker
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx)
        aside, gone = [
            await an_idea(tx, consultation=consultation, title=title, state=state)
            for title, state in zip(TITLES, (IdeaState.PUBLISHED, IdeaState.WITHDRAWN), strict=False)
        ]
        await a_placement(tx, idea=aside, placed_by=PlacedBy.PERSON, is_locked=True, why_in_rest=WhyInRest.BY_PEOPLE)
        by_machine = await a_theme(tx, consultation=consultation, ideas=[gone])
        by_people = await a_theme(tx, consultation=consultation, is_named_by_people=True)

    await themes.make(database, consultation_id=consultation.id, actor_id=None, now=NOON, worker=worker)

    async with database.read() as db:
        placed = await queries.placement_of(db, aside.id)
        assert placed is not None
        assert placed.why_in_rest is WhyInRest.BY_PEOPLE
        assert (await queries.theme(db, by_machine.id)).state is ThemeState.DISSOLVED
        assert (await queries.theme(db, by_people.id)).state is ThemeState.CURRENT
