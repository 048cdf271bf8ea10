"""Everything that refers to one person, row by row: for a program as JSON, for themselves as one plain page.

What the tables declare as theirs is in it, and what they did as a task. Left out is what means nothing to anybody:
hashes, and what was sealed.
"""

import base64
import enum
import json
from collections.abc import AsyncIterator, Container, Iterable
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, Table, func, or_, select

from accounts import belongings
from accounts.belongings import Whose
from kernel.db import Base, ReadSession
from kernel.i18n import gettext as _
from kernel.i18n import language
from kernel.keeping import BASIS_NAMES, Kept
from kernel.settings import Settings
from klankbord.own_data.labels import HIDDEN_IN_THE_PAGE, label

LOOKS = (
    "body { max-width: 46rem; margin: 0 auto; padding: 1rem; font: 1.1rem/1.6 sans-serif; overflow-wrap: anywhere }"
    " dt { font-weight: bold } dd { margin: 0 0 .5rem }"
)
"""Of a page that is opened as a file, where nothing of the site is near: easy to read, also on a phone."""


def in_order() -> list[tuple[str, tuple[Table, Kept]]]:
    """The tables as people would ask for them: who they are, what they wrote, the rest, and what runs below it all."""
    modules = {str(mapper.local_table): mapper.class_.__module__ for mapper in Base.registry.mappers}
    first = ("person", "idea", "idea_version", "endorsement", "subscription")
    known = reversed(belongings.tables().items())
    return sorted(
        known,
        key=lambda one: first.index(one[0]) if one[0] in first else len(first) + modules[one[0]].startswith("kernel."),
    )


def refers_to(name: str, whose: Whose) -> ColumnElement[bool] | None:
    """The rows of a table that are theirs, or that they made as their task; None when no row can be."""
    found = [one for one in (belongings.theirs(name, whose), belongings.done_by(name, whose)) if one is not None]
    return or_(*found) if found else None


async def counts(db: ReadSession, whose: Whose) -> list[tuple[Kept, int]]:
    """What there is of them, and how much of each, in the order in which people would ask for it."""
    told = []
    for name, (table, kept) in in_order():
        condition = refers_to(name, whose)
        if condition is not None:
            number = await db.scalar(select(func.count()).select_from(table).where(condition)) or 0
            if number:
                told.append((kept, number))
    return told


async def rows(db: ReadSession, name: str, whose: Whose) -> AsyncIterator[dict[str, Any]]:
    """Their rows of one table, oldest first, without what means nothing to anybody.

    Of what they did as a task about somebody else: that they did it, and when; no word that was about that person.
    """
    table, kept = belongings.tables()[name]
    own, done = belongings.theirs(name, whose), belongings.done_by(name, whose)
    taken_along = list(belongings.columns_to_take_along(table, kept))
    without_words = [column for column in taken_along if column.name not in kept.words]
    done_for_others = done if own is None or done is None else done & ~func.coalesce(own, False)
    for condition, columns in ((own, taken_along), (done_for_others, without_words)):
        if condition is None:
            continue
        wanted = select(*columns).where(condition).order_by(*table.primary_key.columns)
        async for row in await db.stream(wanted):
            yield dict(zip((column.name for column in columns), row, strict=True))


async def as_json(db: ReadSession, whose: Whose, *, settings: Settings, now: datetime) -> AsyncIterator[str]:
    """The file for programs: one object, with a list of rows for each table."""
    head = {"municipality": settings.municipality, "site": settings.public_url, "made_at": now}
    yield json.dumps(head, default=_plain, ensure_ascii=False)[:-1] + ', "tables": ['
    between = ""
    for name, (_table, kept) in in_order():
        first = True
        async for row in rows(db, name, whose):
            if first:
                why = {"table": name, "what": _(kept.what), "purpose": _(kept.purpose), "until": _(kept.until)}
                yield between + json.dumps(why, ensure_ascii=False)[:-1] + ', "rows": ['
                between = ", "
            yield ("" if first else ",\n") + json.dumps(row, default=_plain, ensure_ascii=False)
            first = False
        if not first:
            yield "]}"
    yield "]}\n"


async def as_page(db: ReadSession, whose: Whose, *, settings: Settings, now: datetime) -> AsyncIterator[str]:
    """The page for themselves: nothing in it comes from elsewhere, and any browser opens it, also without network."""
    title = _("Wat %(name)s over u bewaart") % {"name": settings.municipality}
    made = _("Gemaakt op %(day)s.") % {"day": now.astimezone(settings.zone).strftime("%d-%m-%Y")}
    yield (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{LOOKS}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n<p>{escape(made)}</p>\n"
    )
    for name, (_table, kept) in in_order():
        first = True
        async for row in rows(db, name, whose):
            if first:
                basis = f"{_('Op grond van:')} {_(BASIS_NAMES[kept.basis])}"
                why = f"{_(kept.purpose)} {basis}. {_('Hoe lang:')} {_(kept.until)}."
                yield f"<h2>{escape(_(kept.what))}</h2>\n<p>{escape(why)}</p>\n"
            yield ("" if first else "<hr>\n") + _listed(row.items(), settings, hidden=HIDDEN_IN_THE_PAGE) + "\n"
            first = False
    yield "</body></html>\n"


def _listed(named: Iterable[tuple[str, Any]], settings: Settings, *, hidden: Container[str] = ()) -> Markup:
    """What stands under each name; what is empty or for programs is left out, and so in what lies inside."""
    told = ((name, value) for name, value in named if value is not None and name not in hidden)
    read = ((name, _shown(value, settings)) for name, value in told if not _is_another_row(name, value))
    shown = [(label(name), as_read) for name, as_read in read if as_read]
    pairs = Markup().join(Markup("<dt>{}</dt><dd>{}</dd>").format(*one) for one in shown)
    return Markup("<dl>{}</dl>").format(pairs) if pairs else pairs


def _is_another_row(name: str, value: Any) -> bool:
    is_number = isinstance(value, int) or (isinstance(value, str) and value.isdecimal())
    return is_number and (name == "id" or name.endswith("_id"))


def _shown(value: Any, settings: Settings) -> Markup:
    """As people read it, safe to stand in the page; a file lies in it whole, to be saved."""
    if isinstance(value, bool):
        return escape(_("ja") if value else _("nee"))
    if isinstance(value, datetime):
        return escape(value.astimezone(settings.zone).strftime("%d-%m-%Y %H:%M"))
    if isinstance(value, bytes):
        link = Markup('<a download href="data:application/octet-stream;base64,{}">{}</a>')
        return link.format(_plain(value), _("Bewaar dit bestand"))
    if isinstance(value, dict):
        return _listed(value.items(), settings)
    if isinstance(value, list):
        lines = Markup().join(Markup("<li>{}</li>").format(_shown(one, settings)) for one in value)
        return Markup("<ul>{}</ul>").format(lines) if lines else lines
    return Markup("<br>").join(str(_plain(value)).splitlines())


def _plain(value: Any) -> Any:
    """As JSON knows it: moments in ISO 8601, words of an enumeration, bytes in base64."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value if isinstance(value, str | int | float) else str(value)
