"""What every decision about a theme has in common: may they, is it still there, and the why on record."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from accounts.actor import Actor
from kernel.db import WriteSession
from kernel.events import record
from themes import rules
from themes.events import (
    ThemeEvent,
    ThemeIdeaMoved,
    ThemeLocked,
    ThemeMerged,
    ThemeRenamed,
    ThemeSplit,
    ThemeUnlocked,
)
from themes.models import Theme, ThemeDecision
from themes.standing import take_turn
from themes.states import DecisionKind, ThemeState

KINDS: dict[type[ThemeEvent], DecisionKind] = {
    ThemeRenamed: DecisionKind.RENAME,
    ThemeMerged: DecisionKind.MERGE,
    ThemeSplit: DecisionKind.SPLIT,
    ThemeIdeaMoved: DecisionKind.MOVE,
    ThemeLocked: DecisionKind.LOCK,
    ThemeUnlocked: DecisionKind.UNLOCK,
}


async def enter(tx: WriteSession, theme: Theme, actor: Actor) -> None:
    """Ask whether they may, and whether the theme is still there; runs and other decisions wait until we are done."""
    rules.require_secretary(actor, await take_turn(tx, theme.consultation_id))
    rules.require_current(theme)


async def require_free_name(tx: WriteSession, consultation_id: int, name: str, *, but: Theme | None = None) -> None:
    """Raise ThemeNameTaken when another current theme of the consultation is called so."""
    current = select(Theme.id, Theme.name).where(
        Theme.consultation_id == consultation_id, Theme.state == ThemeState.CURRENT
    )
    for theme_id, taken in await tx.execute(current):
        if taken.casefold() == name.casefold() and (but is None or theme_id != but.id):
            raise rules.ThemeNameTaken


async def decided(
    tx: WriteSession,
    fact: type[ThemeEvent],
    theme: Theme,
    actor: Actor,
    now: datetime,
    *,
    reason: str,
    detail: dict[str, Any] | None = None,
    idea_id: int | None = None,
) -> None:
    assert actor.person_id is not None  # noqa: S101 - require_secretary saw to that
    decision = ThemeDecision(
        consultation_id=theme.consultation_id,
        theme_id=theme.id,
        idea_id=idea_id,
        kind=KINDS[fact],
        detail=detail or {},
        reason=reason,
        decided_by_id=actor.person_id,
        decided_at=now,
    )
    tx.add(decision)
    await tx.flush()
    about: dict[str, Any] = {} if idea_id is None else {"idea_id": idea_id}
    await record(
        tx,
        fact(
            at=now,
            actor_id=actor.person_id,
            theme_id=theme.id,
            consultation_id=theme.consultation_id,
            decision_id=decision.id,
            **about,
        ),
    )
