"""The secretary's workbench: have themes made, and correct them."""

from urllib.parse import urlencode

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, panels_for
from accounts.inject import Actor, requires
from consultations.models import Consultation, Idea
from consultations.queries import consultation_by_slug
from kernel import idempotency
from kernel.db import ReadSession, WriteSession
from kernel.errors import ChangedMeanwhile, NotFound
from kernel.inject import Asked, Config, Db, Doors, FormData, Now, SentUnder, Tx
from themes import history, queries, rules, themes
from themes.forms import REST, MergeForm, RegroupForm, RenameForm
from themes.gazetteer import names_in
from themes.inject import Machine
from themes.models import Theme
from themes.pages import DeskThemesPage
from themes.routes.bench import bench

ARRANGES = [requires(Permission.ARRANGE_THEMES)]


class Workbench(Controller):
    """Themes, as people arrange them."""

    path = "/desk/themes"
    guards = [requires(Permission.READ_THEME_WORK)]  # noqa: RUF012 - Litestar's own name

    @get(name="desk.themes")
    async def desk(self, db: Db, actor: Actor) -> Template:
        """The consultations whose themes this person looks after."""
        panel_ids = panels_for(actor, Permission.READ_THEME_WORK)
        return DeskThemesPage(arrangements=await history.arrangements(db, panel_ids=panel_ids)).response()

    @get("/{slug:str}", name="workbench.show")
    async def show(self, db: Db, slug: FromPath[str], actor: Actor, request: Asked) -> Template:
        """The themes of one consultation beside the one that is being worked on."""
        consultation = await consultation_by_slug(db, slug)
        rules.require_look(actor, consultation)
        return (await bench(db, consultation, query=request.query_params, actor=actor)).response()

    @post("/{slug:str}/make", name="workbench.make", status_code=303, guards=ARRANGES)
    async def make(
        self,
        database: Doors,
        sending: SentUnder,
        machine: Machine,
        settings: Config,
        slug: FromPath[str],
        actor: Actor,
        now: Now,
    ) -> Redirect:
        """Have the machine group the ideas; no transaction is open while it thinks, the last one keeps the key."""
        place = f"/desk/themes/{slug}?done=made#main"
        async with database.read() as db:
            await idempotency.look_up(db, sending)
            consultation = await consultation_by_slug(db, slug)
        await themes.make(
            database,
            consultation_id=consultation.id,
            actor_id=rules.require_secretary(actor, consultation),
            now=now,
            worker=machine,
            places=names_in(settings.places),
            alongside=lambda tx: idempotency.keep_place(tx, sending=sending, place=place, now=now),
        )
        return Redirect(place, status_code=303)

    @post("/{slug:str}/rename", name="workbench.rename", status_code=303, guards=ARRANGES)
    async def rename(self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now) -> Redirect | Template:
        """Give a theme a name."""
        consultation = await _to_arrange(tx, slug, actor)
        form = RenameForm.parse(data)
        theme = await _theme(tx, consultation, form.theme_id)
        if not form.errors:
            try:
                await themes.rename(tx, theme=theme, name=form.name, actor=actor, reason=form.rename_reason, now=now)
            except rules.ThemeNameTaken as taken:
                form.errors["name"] = taken.sentence
        if form.errors:
            return (await bench(tx, consultation, place=str(theme.id), actor=actor, rename=form)).response(422)
        return _back(slug, theme.id, done="renamed")

    @post("/{slug:str}/merge", name="workbench.merge", status_code=303, guards=ARRANGES)
    async def merge(self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now) -> Redirect | Template:
        """Let a theme go into another."""
        consultation = await _to_arrange(tx, slug, actor)
        form = MergeForm.parse(data)
        theme = await _theme(tx, consultation, form.theme_id)
        if form.errors:
            return (await bench(tx, consultation, place=str(theme.id), actor=actor, merge=form)).response(422)
        into = await _theme(tx, consultation, form.into_id)
        await themes.merge(tx, theme=theme, into=into, actor=actor, reason=form.merge_reason, now=now)
        return _back(slug, into.id, done="merged")

    @post("/{slug:str}/move", name="workbench.move", status_code=303, guards=ARRANGES)
    async def move(self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now) -> Redirect | Template:
        """Put the ticked ideas elsewhere."""
        consultation = await _to_arrange(tx, slug, actor)
        form = RegroupForm.parse_move(data)
        if form.errors:
            place = str(form.theme_id or REST)
            return (await bench(tx, consultation, place=place, actor=actor, regroup=form)).response(422)
        to = await _theme(tx, consultation, form.to_id) if form.to_id else None
        for idea in await _ideas(tx, consultation, form.idea_ids):
            await themes.move(tx, idea=idea, to=to, actor=actor, reason=form.regroup_reason, now=now)
        return _back(slug, form.theme_id, done="moved")

    @post("/{slug:str}/split", name="workbench.split", status_code=303, guards=ARRANGES)
    async def split(self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now) -> Redirect | Template:
        """Make a new theme of the ticked ideas."""
        consultation = await _to_arrange(tx, slug, actor)
        form = RegroupForm.parse_split(data)
        if not form.errors:
            try:
                new = await _split_off(tx, consultation, form, actor=actor, now=now)
                return _back(slug, new.id, done="split")
            except rules.ThemeNameTaken as taken:
                form.errors["new_name"] = taken.sentence
            except rules.ThemeWouldBeEmpty as empty:
                form.errors["idea_ids"] = empty.sentence
        place = str(form.theme_id or REST)
        return (await bench(tx, consultation, place=place, actor=actor, regroup=form)).response(422)

    @post("/{slug:str}/lock", name="workbench.lock", status_code=303, guards=ARRANGES)
    async def lock(self, tx: Tx, slug: FromPath[str], data: FormData, actor: Actor, now: Now) -> Redirect:
        """Set a theme fast against the machine, or loose again."""
        consultation = await _to_arrange(tx, slug, actor)
        theme = await _theme(tx, consultation, RenameForm.parse(data).theme_id)
        if data.get("act") == "unlock":
            await themes.unlock(tx, theme=theme, actor=actor, now=now)
            return _back(slug, theme.id, done="unlocked")
        await themes.lock(tx, theme=theme, actor=actor, now=now)
        return _back(slug, theme.id, done="locked")


async def _to_arrange(tx: WriteSession, slug: str, actor: Actor) -> Consultation:
    """The consultation, for its secretary; the verbs ask again."""
    consultation = await consultation_by_slug(tx, slug)
    rules.require_secretary(actor, consultation)
    return consultation


async def _theme(db: ReadSession, consultation: Consultation, theme_id: int | None) -> Theme:
    theme = await queries.theme(db, theme_id or 0)
    if theme.consultation_id != consultation.id:
        raise NotFound
    return theme


async def _ideas(tx: WriteSession, consultation: Consultation, idea_ids: list[int]) -> list[Idea]:
    ideas = [await tx.get(Idea, idea_id) for idea_id in sorted(set(idea_ids))]
    found = [
        idea
        for idea in ideas
        if idea and idea.consultation_id == consultation.id and idea.is_public and not idea.is_comment
    ]
    if len(found) != len(ideas):
        raise ChangedMeanwhile
    return found


async def _split_off(
    tx: WriteSession, consultation: Consultation, form: RegroupForm, *, actor: Actor, now: Now
) -> Theme:
    if form.theme_id is not None:
        theme = await _theme(tx, consultation, form.theme_id)
        return await themes.split(
            tx,
            theme=theme,
            idea_ids=form.idea_ids,
            name=form.new_name,
            actor=actor,
            reason=form.regroup_reason,
            now=now,
        )
    ideas = await _ideas(tx, consultation, form.idea_ids)
    return await themes.start(tx, ideas=ideas, name=form.new_name, actor=actor, reason=form.regroup_reason, now=now)


def _back(slug: str, theme_id: int | None, **told: str) -> Redirect:
    place = str(theme_id or REST)
    return Redirect(f"/desk/themes/{slug}?{urlencode({'theme': place, **told})}#theme-{place}", status_code=303)
