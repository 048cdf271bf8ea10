"""Names that the machine made of an idea's words, when that idea's words are erased."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from consultations.models import Idea
from kernel.db import WriteSession, batched
from themes.models import Placement, Theme

_WORD = re.compile(r"\w+")


async def forget(tx: WriteSession, *, idea_ids: Sequence[int]) -> int:
    """Take out of the names of their themes the words that nobody else used; how many themes that changed.

    To be called while the words are still there. A name that people gave stays: it is theirs.
    """
    changed = 0
    for some in batched(idea_ids):
        placed = select(Placement.theme_id).where(Placement.idea_id.in_(some), Placement.theme_id.is_not(None))
        for theme in (await tx.scalars(select(Theme).where(Theme.id.in_(placed)).order_by(Theme.id))).all():
            gone = await _words(tx, theme, Idea.id.in_(some)) - await _words(tx, theme, Idea.id.not_in(some))
            before = (theme.name, theme.machine_name)
            theme.machine_name = _without(theme.machine_name, gone)
            if not theme.is_named_by_people:
                theme.name = _without(theme.name, gone) or f"Thema {theme.id}"
            changed += before != (theme.name, theme.machine_name)
    await tx.flush()
    return changed


async def _words(tx: WriteSession, theme: Theme, which: ColumnElement[bool]) -> set[str]:
    """The words of some of the ideas in a theme."""
    wanted = select(Idea.title, Idea.body, Idea.service, Idea.stuck).join(Placement, Placement.idea_id == Idea.id)
    rows = await tx.execute(wanted.where(Placement.theme_id == theme.id, which))
    return {word for row in rows for text in row for word in _WORD.findall(text.casefold())}


def _without(name: str, gone: set[str]) -> str:
    """A name without those of its terms in which one of these words stands."""
    terms = [term for term in name.split(", ") if not gone.intersection(_WORD.findall(term.casefold()))]
    left = ", ".join(terms)
    return left[:1].upper() + left[1:]
