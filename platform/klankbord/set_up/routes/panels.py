"""The operator's pages: panels, their agreements, and who has which task."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import roles
from accounts.access import Permission, may
from accounts.inject import Actor, recent_second_factor, requires
from accounts.models import Person
from accounts.states import Role
from kernel import forms as fields
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.i18n import gettext as _
from kernel.inject import Db, FormData, Now, Tx
from klankbord.set_up import people, reading
from klankbord.set_up.forms import FOR_ALL, FOR_PANEL, OPERATORS, AgreementForm, GrantForm, PanelForm
from klankbord.set_up.pages import AgreementSetUpPage, NewPanelPage, PanelSetUpPage, SetUpPage
from panels import mandates, queries, rules
from panels.models import Panel

SETS_UP = [requires(Permission.SET_UP)]
GIVES_TASKS = [*SETS_UP, recent_second_factor]


class SetUp(Controller):
    """Where a municipality begins."""

    path = "/desk/set-up"
    guards = [requires(Permission.READ_SET_UP)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="set_up.index")
    async def index(self, db: Db, actor: Actor) -> Template:
        """All panels, and who works for all of them."""
        return (await _index(db, GrantForm(), may_set_up=may(actor, Permission.SET_UP))).response()

    @post("/roles", name="set_up.grant", status_code=303, guards=GIVES_TASKS)
    async def grant(self, tx: Tx, data: FormData, actor: Actor, now: Now) -> Template | Redirect:
        """Give somebody a task for the whole installation."""
        form = GrantForm.parse(data, among=FOR_ALL)
        if form.errors or form.role is None:
            return (await _index(tx, form)).response(422)
        person = await people.meet(tx, email=form.email, name=form.name, now=now)
        await roles.grant(tx, person=person, role=form.role, by=actor.person_id, now=now)
        return Redirect("/desk/set-up#taken", status_code=303)

    @post("/roles/revoke", name="set_up.revoke", status_code=303, guards=SETS_UP)
    async def revoke(self, tx: Tx, data: FormData, actor: Actor, now: Now) -> Redirect:
        """Take a task for the whole installation back."""
        person, role = await _held_by(tx, data, among=FOR_ALL)
        await roles.revoke(tx, person=person, role=role, by=actor.person_id, now=now)
        return Redirect("/desk/set-up#taken", status_code=303)

    @get("/panels/new", name="set_up.new_panel", guards=SETS_UP)
    async def blank(self) -> Template:
        """The form for a panel."""
        return NewPanelPage(form=PanelForm()).response()

    @post("/panels/new", name="set_up.establish", status_code=303, guards=SETS_UP)
    async def establish(self, tx: Tx, data: FormData) -> Template | Redirect:
        """Set up a panel."""
        form = PanelForm.parse(data)
        if "slug" not in form.errors and await reading.slug_is_taken(tx, Panel, form.slug, by=None):
            form.errors["slug"] = _("Dit adres is al van een ander panel. Kies een ander.")
        if form.errors:
            return NewPanelPage(form=form).response(422)
        panel = await mandates.establish(
            tx,
            slug=form.slug,
            name=form.name,
            terms=form.terms,
            contact_name=form.contact_name,
            contact_email=form.contact_email,
            is_permanent=form.is_permanent,
            freeze_days=int(form.freeze_days),
            publish_days=int(form.publish_days),
            briefing_days=int(form.briefing_days),
            response_months=int(form.response_months),
        )
        return Redirect(f"/desk/set-up/panels/{panel.slug}", status_code=303)

    @get("/panels/{slug:str}", name="set_up.panel")
    async def panel(self, db: Db, slug: FromPath[str], actor: Actor) -> Template:
        """One panel and who runs it."""
        panel = await queries.panel_by_slug(db, slug)
        return (await _panel(db, panel, GrantForm(), may_set_up=may(actor, Permission.SET_UP))).response()

    @post("/panels/{slug:str}/roles", name="set_up.grant_for_panel", status_code=303, guards=GIVES_TASKS)
    async def grant_for_panel(
        self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Give somebody a task for this panel."""
        panel = await queries.panel_by_slug(tx, slug)
        form = GrantForm.parse(data, among=FOR_PANEL)
        if form.errors or form.role is None:
            return (await _panel(tx, panel, form)).response(422)
        person = await people.meet(tx, email=form.email, name=form.name, now=now)
        await roles.grant(tx, person=person, role=form.role, panel_id=panel.id, by=actor.person_id, now=now)
        return Redirect(f"/desk/set-up/panels/{slug}#taken", status_code=303)

    @post("/panels/{slug:str}/roles/revoke", name="set_up.revoke_for_panel", status_code=303, guards=SETS_UP)
    async def revoke_for_panel(self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now) -> Redirect:
        """Take a task for this panel back."""
        panel = await queries.panel_by_slug(tx, slug)
        person, role = await _held_by(tx, data, among=FOR_PANEL)
        await roles.revoke(tx, person=person, role=role, panel_id=panel.id, by=actor.person_id, now=now)
        return Redirect(f"/desk/set-up/panels/{slug}#taken", status_code=303)

    @get("/panels/{slug:str}/agreement", name="set_up.agreement", guards=SETS_UP)
    async def agreement(self, db: Db, slug: FromPath[str]) -> Template:
        """The form for the agreement, filled in as it stands."""
        panel = await queries.panel_by_slug(db, slug)
        in_force = await queries.agreement(db, panel.id)
        form = AgreementForm.of(in_force) if in_force else AgreementForm()
        return AgreementSetUpPage(panel=panel, in_force=in_force, form=form).response()

    @post("/panels/{slug:str}/agreement", name="set_up.agree", status_code=303, guards=SETS_UP)
    async def agree(self, tx: Tx, slug: FromPath[str], data: FormData) -> Template | Redirect:
        """Put a new version in force."""
        panel = await queries.panel_by_slug(tx, slug)
        form = AgreementForm.parse(data)
        if form.errors:
            in_force = await queries.agreement(tx, panel.id)
            return AgreementSetUpPage(panel=panel, in_force=in_force, form=form).response(422)
        await mandates.agree(tx, panel=panel, agreed=form.agreed)
        return Redirect(f"/panels/{slug}/agreement", status_code=303)


async def _index(db: ReadSession, form: GrantForm, *, may_set_up: bool = True) -> SetUpPage:
    return SetUpPage(
        panels=await queries.panels(db),
        holders=await reading.holders(db, panel_id=None, among=FOR_ALL),
        operators=await reading.holders(db, panel_id=None, among=OPERATORS),
        form=form,
        may_set_up=may_set_up,
    )


async def _panel(db: ReadSession, panel: Panel, form: GrantForm, *, may_set_up: bool = True) -> PanelSetUpPage:
    holders = await reading.holders(db, panel_id=panel.id, among=FOR_PANEL)
    seats = await queries.seats_by_kind(db, panel.id)
    return PanelSetUpPage(
        panel=panel,
        agreement=await queries.agreement(db, panel.id),
        holders=holders,
        missing=[role for role in FOR_PANEL if role not in {one.role for one in holders}],
        seats=sum(seats.values()),
        has_moderators=await reading.has_moderators(db, panel.id),
        is_lopsided=rules.is_lopsided(seats),
        form=form,
        may_set_up=may_set_up,
    )


async def _held_by(db: ReadSession, data: FormData, *, among: tuple[Role, ...]) -> tuple[Person, Role]:
    typed = fields.line(data, "role")
    role = next((one for one in among if one.value == typed), None)
    person = await db.get(Person, fields.whole_number(data, "person_id") or 0)
    if role is None or person is None:
        raise NotFound
    return person, role
