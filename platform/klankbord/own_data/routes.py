"""One's own data: to see, to take along, to have removed; and for everybody what is kept."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

from litestar import Controller, get, post
from litestar.response import Redirect, Stream, Template
from sqlalchemy import func, select

from accounts.access import known
from accounts.belongings import Whose
from accounts.inject import Actor, recent_second_factor, signed_in, signed_out
from accounts.models import Person
from consultations.models import Endorsement, Idea
from consultations.states import IdeaState
from kernel import forms
from kernel.db import Database, ReadSession
from kernel.i18n import gettext as _
from kernel.i18n import language, speaking
from kernel.inject import Config, Db, Doors, FormData, Now, Tx
from kernel.settings import Settings
from klankbord.own_data import export
from klankbord.own_data.pages import ErasedPage, ErasePage, KeptPage, SurePage, WhatIsMinePage
from notify import departures

SURE = "sure"


class WhatIsKept(Controller):
    """For everybody."""

    @get("/kept", name="own_data.kept")
    async def kept(self) -> Template:
        """What is kept of people and why, made from what the tables themselves say."""
        told = [kept for _name, (_table, kept) in export.in_order()]
        return KeptPage(
            personal=[one for one in told if one.is_personal or one.secrets],
            of_nobody=[one for one in told if not (one.is_personal or one.secrets)],
        ).response()

    @get("/erased", name="own_data.erased")
    async def erased(self) -> Template:
        """Where whoever had their account erased ends: nobody, signed out."""
        return ErasedPage().response()


class WhatIsMine(Controller):
    """From a session of one's own."""

    path = "/account/data"
    guards = [signed_in]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="own_data.show")
    async def show(self, db: Db, actor: Actor, now: Now) -> Template:
        """What there is of them."""
        person = await db.get_one(Person, known(actor))
        return WhatIsMinePage(
            person=person,
            counts=await export.counts(db, _whose(person)),
            has_task=await departures.has_task(db, person_id=person.id, now=now),
        ).response()

    @get("/download.html", name="own_data.page")
    async def page(self, database: Doors, actor: Actor, settings: Config, now: Now) -> Stream:
        """All of it, to read."""
        return _file(database, known(actor), export.as_page, "html", settings=settings, now=now)

    @get("/download.json", name="own_data.json")
    async def json(self, database: Doors, actor: Actor, settings: Config, now: Now) -> Stream:
        """All of it, for a program."""
        return _file(database, known(actor), export.as_json, "json", settings=settings, now=now)

    @get("/erase", name="own_data.ask")
    async def ask(self, db: Db, actor: Actor, now: Now) -> Template:
        """The first question: what erasing does."""
        return (await _first_question(db, known(actor), now)).response()

    @get("/erase/sure", name="own_data.sure")
    async def sure(self, db: Db, actor: Actor, now: Now) -> Template:
        """The second question; whoever has a task stays at the first."""
        first = await _first_question(db, known(actor), now)
        return (first if first.has_task else SurePage(email=first.email)).response()

    @post("/erase", name="own_data.erase", status_code=303, guards=[recent_second_factor])
    async def erase(self, tx: Tx, data: FormData, actor: Actor, settings: Config, now: Now) -> Template | Redirect:
        """Every word of theirs goes, and they are signed out everywhere."""
        person = await tx.get_one(Person, known(actor))
        if forms.line(data, SURE) != "1":
            error = _("Zet een vinkje als u zeker weet dat u uw account wilt verwijderen.")
            return SurePage(email=person.email, error=error).response(422)
        await departures.leave(tx, person_id=person.id, by=person.id, now=now)
        return signed_out("/erased", settings)


async def _first_question(db: ReadSession, person_id: int, now: datetime) -> ErasePage:
    person = await db.get_one(Person, person_id)
    return ErasePage(
        email=person.email,
        ideas=await _how_many(db, Idea.id, Idea.author_id == person.id, Idea.state != IdeaState.WITHDRAWN),
        endorsements=await _how_many(db, Endorsement.id, Endorsement.person_id == person.id),
        has_task=await departures.has_task(db, person_id=person.id, now=now),
    )


def _whose(person: Person) -> Whose:
    return Whose(id=person.id, mailbox=person.mailbox)


async def _how_many(db: ReadSession, *wanted: object) -> int:
    column, *conditions = wanted
    return await db.scalar(select(func.count(column)).where(*conditions)) or 0  # type: ignore[arg-type]  # a column and conditions


def _file(
    database: Database,
    person_id: int,
    written: Callable[..., AsyncIterator[str]],
    form: str,
    *,
    settings: Settings,
    now: datetime,
) -> Stream:
    """A stream with a read session of its own, in the language of the page that asked for it."""
    spoken = language()

    async def parts() -> AsyncIterator[str]:
        async with database.read() as db:
            person = await db.get_one(Person, person_id)
            with speaking(spoken):
                async for part in written(db, _whose(person), settings=settings, now=now):
                    yield part

    media_type = {"html": "text/html; charset=utf-8", "json": "application/json"}[form]
    headers = {"content-disposition": f'attachment; filename="klankbord-{now:%Y-%m-%d}.{form}"'}
    return Stream(parts(), media_type=media_type, headers=headers)
