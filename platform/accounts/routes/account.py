"""One's own account: where one is signed in, and in which language letters come."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import actor as actors
from accounts import addresses, queries, sessions
from accounts.access import known
from accounts.forms import AddressForm, NameForm
from accounts.inject import Actor, signed_in, signed_out
from accounts.models import Person
from accounts.pages import AccountPage
from accounts.states import Ended
from kernel import forms, idempotency
from kernel.cookies import SESSION, cookie_name
from kernel.db import ReadSession
from kernel.i18n import is_offered
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.settings import Settings
from kernel.tokens import digest_of


class Account(Controller):
    """The page behind one's name in the head of every page."""

    path = "/account"
    guards = [signed_in]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="account.show")
    async def show(self, db: Db, request: Asked, actor: Actor, now: Now, settings: Config) -> Template:
        """Address, language and sessions."""
        return (await account_page(db, request, actor, settings, AddressForm(), now=now)).response()

    @post("/language", name="account.language", status_code=303)
    async def language(self, tx: Tx, data: FormData, actor: Actor) -> Redirect:
        """The language of letters."""
        code = forms.line(data, "language")
        if is_offered(code):
            person = await tx.get_one(Person, known(actor))
            person.language = code
        return Redirect("/account#letters", status_code=303)

    @post("/name", name="account.name", status_code=303)
    async def name(
        self, tx: Tx, data: FormData, request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """The name under which they take part from now on. Whoever has a task goes by the name that came with it."""
        named = NameForm.parse(data)
        if named.errors:
            page = await account_page(tx, request, actor, settings, AddressForm(), named=named, now=now)
            return page.response(422)
        if not await queries.has_task(tx, person_id=known(actor)):
            person = await tx.get_one(Person, known(actor))
            person.name = named.name
        return Redirect("/account#name", status_code=303)

    @post("/sessions/{session_id:int}/end", name="account.end_session", status_code=303)
    async def end_session(self, tx: Tx, session_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Sign one browser out; this one too, if it is that."""
        await sessions.end_one(tx, person_id=known(actor), session_id=session_id, now=now)
        return Redirect("/account#sessions", status_code=303)

    @post("/sign-out-everywhere", name="account.end_sessions", status_code=303, opt={idempotency.EACH_TIME: True})
    async def end_sessions(self, tx: Tx, actor: Actor, now: Now, settings: Config) -> Redirect:
        """Sign every browser out, with this one."""
        person_id = known(actor)
        await sessions.end_all(tx, person_id=person_id, why=Ended.ASKED, by=person_id, now=now)
        return signed_out("/sign-in", settings)


async def account_page(
    db: ReadSession,
    request: Asked,
    actor: actors.Actor,
    settings: Settings,
    form: AddressForm,
    *,
    named: NameForm | None = None,
    now: datetime,
) -> AccountPage:
    """The page, with the form for another address, or for another name, as it was filled in."""
    person = await db.get_one(Person, known(actor))
    return AccountPage(
        person=person,
        form=form,
        named=named or NameForm(name=person.name),
        has_task=await queries.has_task(db, person_id=person.id),
        sessions=await queries.sessions_of(db, person_id=person.id, now=now),
        here=digest_of(request.cookies.get(cookie_name(SESSION, settings), "")),
        is_changing=await addresses.waiting(db, person_id=person.id, now=now) is not None,
    )
