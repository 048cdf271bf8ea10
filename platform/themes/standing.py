"""What stands before the machine runs: the published ideas, and all that people decided about them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from consultations.models import Consultation, Idea
from kernel.db import ReadSession, WriteSession
from themes.models import ClusterRun, Placement, Theme, ThemeDecision
from themes.states import PlacedBy, ThemeState


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one published idea stands now; `theme_id` is that of a current theme, or None."""

    theme_id: int | None
    placed_by: PlacedBy
    is_locked: bool
    placed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One consultation at one moment. `mark` changes with every decision and every run."""

    consultation_id: int
    words: Mapping[int, str]
    places: tuple[str, ...]
    themes: Mapping[int, Theme]
    spots: Mapping[int, Spot]
    mark: tuple[int, int]

    @property
    def set_aside(self) -> frozenset[int]:
        """Ideas that a person took out of all themes: the machine leaves them there."""
        return frozenset(idea_id for idea_id, spot in self.spots.items() if spot.is_locked and spot.theme_id is None)

    @property
    def before(self) -> dict[int, int]:
        """Idea → the theme it was in."""
        return {idea_id: spot.theme_id for idea_id, spot in self.spots.items() if spot.theme_id is not None}

    @property
    def held(self) -> dict[int, int]:
        """Idea → the theme it may not leave: by a person's placement, by a lock, or to keep a named theme alive."""
        held = {
            idea_id: theme_id
            for idea_id, theme_id in self.before.items()
            if self.spots[idea_id].is_locked or self.themes[theme_id].is_locked
        }
        members: dict[int, list[int]] = {}
        for idea_id, theme_id in self.before.items():
            members.setdefault(theme_id, []).append(idea_id)
        for theme_id in set(members) - set(held.values()):
            theme = self.themes[theme_id]
            if theme.is_named_by_people:
                # Its most typical ideas hold it; without them a name that people gave could be lost.
                typical = [idea_id for idea_id in theme.representative_ids if idea_id in members[theme_id]]
                held |= dict.fromkeys(typical or members[theme_id], theme_id)
        return held


async def mark(db: ReadSession, consultation_id: int) -> tuple[int, int]:
    """The newest decision and the newest run."""
    decisions = select(func.max(ThemeDecision.id)).where(ThemeDecision.consultation_id == consultation_id)
    runs = select(func.max(ClusterRun.id)).where(ClusterRun.consultation_id == consultation_id)
    return await db.scalar(decisions) or 0, await db.scalar(runs) or 0


async def take_turn(tx: WriteSession, consultation_id: int) -> Consultation:
    """The consultation, held until this transaction ends: decisions and runs about it come one after the other."""
    return (await tx.scalars(select(Consultation).where(Consultation.id == consultation_id).with_for_update())).one()


def words_of(title: str, body: str, stuck: str) -> str:
    """What the machine reads of an idea."""
    return "\n".join(text for text in (title, body, stuck) if text)


async def read(db: ReadSession, *, consultation_id: int, gazetteer: Iterable[str] = ()) -> Standing:
    """Read it all; the places are those that residents named and those of the gazetteer."""
    published = select(Idea.id, Idea.title, Idea.body, Idea.stuck, Idea.place).where(
        Idea.consultation_id == consultation_id, Idea.listed()
    )
    words: dict[int, str] = {}
    places = set(gazetteer)
    for idea_id, title, body, stuck, place in await db.execute(published.order_by(Idea.id)):
        words[idea_id] = words_of(title, body, stuck)
        places.add(place)
    current = select(Theme).where(Theme.consultation_id == consultation_id, Theme.state == ThemeState.CURRENT)
    themes = {theme.id: theme for theme in await db.scalars(current)}
    placed = select(
        Placement.idea_id, Placement.theme_id, Placement.placed_by, Placement.is_locked, Placement.placed_at
    ).where(Placement.consultation_id == consultation_id)
    spots = {
        idea_id: Spot(theme_id, placed_by, is_locked, placed_at)
        for idea_id, theme_id, placed_by, is_locked, placed_at in await db.execute(placed)
        if idea_id in words and (theme_id is None or theme_id in themes)
    }
    return Standing(
        consultation_id=consultation_id,
        words=words,
        places=tuple(sorted(places - {""})),
        themes=themes,
        spots=spots,
        mark=await mark(db, consultation_id),
    )
