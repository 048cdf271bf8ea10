"""The operator's page of who sits in a panel."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, may
from accounts.inject import Actor, recent_second_factor, requires
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Db, FormData, Now, Tx
from klankbord.set_up import people
from klankbord.set_up.forms import SeatForm
from klankbord.set_up.pages import MembersPage
from panels import mandates, queries, rules
from panels.errors import AlreadySeated
from panels.models import Panel

SETS_UP = [requires(Permission.SET_UP)]


class Members(Controller):
    """Seats: taken and left. Who left stays on record."""

    path = "/desk/set-up/panels/{slug:str}/members"
    guards = [requires(Permission.READ_SET_UP)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="set_up.members")
    async def members(self, db: Db, slug: FromPath[str], actor: Actor) -> Template:
        """Who sits in the panel, and the form for one more."""
        panel = await queries.panel_by_slug(db, slug)
        return (await _members(db, panel, SeatForm(), may_set_up=may(actor, Permission.SET_UP))).response()

    @post(name="set_up.seat", status_code=303, guards=[*SETS_UP, recent_second_factor])
    async def seat(self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now) -> Template | Redirect:
        """Give somebody a place."""
        panel = await queries.panel_by_slug(tx, slug)
        form = SeatForm.parse(data)
        if form.errors or form.kind is None or form.entry is None:
            return (await _members(tx, panel, form)).response(422)
        person = await people.meet(tx, email=form.email, name=form.name, now=now)
        try:
            await mandates.seat(
                tx,
                panel=panel,
                person=person,
                kind=form.kind,
                entry=form.entry,
                organisation=form.organisation,
                by=actor.person_id,
                now=now,
            )
        except AlreadySeated as refusal:  # raised before anything was written
            form.errors["email"] = refusal.sentence
            return (await _members(tx, panel, form)).response(422)
        return Redirect(f"/desk/set-up/panels/{slug}/members", status_code=303)

    @post("/{seat_id:int}/vacate", name="set_up.vacate", status_code=303, guards=SETS_UP)
    async def vacate(self, tx: Tx, slug: FromPath[str], seat_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """End somebody's place; a second time it is not there."""
        panel = await queries.panel_by_slug(tx, slug)
        seat = next((one for one in await queries.seats(tx, panel.id) if one.id == seat_id), None)
        if seat is None:
            raise NotFound
        await mandates.vacate(tx, seat=seat, by=actor.person_id, now=now)
        return Redirect(f"/desk/set-up/panels/{slug}/members", status_code=303)


async def _members(db: ReadSession, panel: Panel, form: SeatForm, *, may_set_up: bool = True) -> MembersPage:
    seats = await queries.seats_by_kind(db, panel.id)
    return MembersPage(
        panel=panel,
        seats=await queries.seats(db, panel.id),
        is_lopsided=rules.is_lopsided(seats),
        form=form,
        may_set_up=may_set_up,
    )
