"""For moderators: block who is behind something, lift a block, decide an appeal against one."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, may, panels_for
from accounts.actor import Actor as Whoever
from accounts.inject import Actor, requires
from kernel.db import ReadSession, WriteSession
from kernel.errors import NotFound
from kernel.i18n import gettext as _
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.settings import Settings
from moderation import block_appeals, block_queries, block_rules, blocks, rules
from moderation.block_forms import BlockForm, LiftForm
from moderation.block_pages import BlockPage, BlocksPage, NewBlockPage
from moderation.block_queries import Behind
from moderation.conduct import CONDUCT
from moderation.forms import AppealVerdictForm
from moderation.states import ENDING_NAMES, OUTCOME_NAMES, AppealState

BLOCKS = [requires(Permission.BLOCK_RESIDENTS)]


class NewBlocks(Controller):
    """A page of its own before anybody is blocked: what they sent, what was decided, and why now."""

    path = "/moderation"
    guards = BLOCKS

    @get("/ideas/{idea_id:int}/block", name="block.new_for_idea")
    async def for_idea(self, db: Db, idea_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """The author of an idea."""
        behind = await block_queries.behind_idea(db, idea_id)
        return await _ask(db, behind, "ideas", idea_id, actor=actor, settings=settings, now=now)

    @post("/ideas/{idea_id:int}/block", name="block.impose_for_idea", status_code=303)
    async def of_idea(
        self, tx: Tx, data: FormData, idea_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Block the author."""
        behind = await block_queries.behind_idea(tx, idea_id)
        return await _impose(tx, data, behind, "ideas", idea_id, actor=actor, settings=settings, now=now)

    @get("/reports/{report_id:int}/block", name="block.new_for_report")
    async def for_report(self, db: Db, report_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """Who sent a report while signed in."""
        behind = await block_queries.behind_report(db, report_id)
        return await _ask(db, behind, "reports", report_id, actor=actor, settings=settings, now=now)

    @post("/reports/{report_id:int}/block", name="block.impose_for_report", status_code=303)
    async def of_report(
        self, tx: Tx, data: FormData, report_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Block who reported."""
        behind = await block_queries.behind_report(tx, report_id)
        return await _impose(tx, data, behind, "reports", report_id, actor=actor, settings=settings, now=now)

    @get("/endorsements/{endorsement_id:int}/block", name="block.new_for_support")
    async def for_support(
        self, db: Db, endorsement_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template:
        """Who gave support."""
        behind = await block_queries.behind_support(db, endorsement_id)
        return await _ask(db, behind, "endorsements", endorsement_id, actor=actor, settings=settings, now=now)

    @post("/endorsements/{endorsement_id:int}/block", name="block.impose_for_support", status_code=303)
    async def of_support(
        self, tx: Tx, data: FormData, endorsement_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Block who gave support."""
        behind = await block_queries.behind_support(tx, endorsement_id)
        return await _impose(tx, data, behind, "endorsements", endorsement_id, actor=actor, settings=settings, now=now)


class Blocks(Controller):
    """Who is blocked, as a number, and why."""

    path = "/moderation/blocks"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="block.list")
    async def show_all(self, db: Db, actor: Actor, now: Now) -> Template:
        """All of them, for these panels."""
        found = await block_queries.listed(db, panels=panels_for(actor, Permission.READ_QUEUE), now=now)
        in_force = frozenset(one.block.id for one in found if block_rules.holds(one.block, one.end, now))
        return BlocksPage(blocks=found, in_force=in_force, conduct=CONDUCT, endings=ENDING_NAMES).response()

    @get("/{block_id:int}", name="block.show")
    async def show(self, db: Db, block_id: FromPath[int], request: Asked, actor: Actor, now: Now) -> Template:
        """One, with its history."""
        banner = {"imposed": _("De inwoner is geblokkeerd en krijgt uw uitleg per e-mail.")}
        done = banner.get(request.query_params.get("done", ""), "")
        return (await _page(db, block_id, actor=actor, banner=done, now=now)).response()

    @post("/{block_id:int}/lift", name="block.lift", status_code=303, guards=BLOCKS)
    async def lift(
        self, tx: Tx, data: FormData, block_id: FromPath[int], actor: Actor, now: Now
    ) -> Template | Redirect:
        """Take it back."""
        form = LiftForm.parse(data)
        page = await _page(tx, block_id, actor=actor, lift=form, now=now)
        if form.errors:
            return page.response(422)
        await blocks.lift(tx, block=page.told.block, actor=actor, reason=form.lift_reason, now=now)
        return Redirect(f"/moderation/blocks/{block_id}", status_code=303)

    @post("/{block_id:int}/decide", name="block.decide", status_code=303, guards=BLOCKS)
    async def decide(
        self, tx: Tx, data: FormData, block_id: FromPath[int], actor: Actor, now: Now
    ) -> Template | Redirect:
        """Answer the appeal."""
        form = AppealVerdictForm.parse(data)
        page = await _page(tx, block_id, actor=actor, verdict=form, now=now)
        appeal = page.told.appeal
        if appeal is None:
            raise NotFound
        rules.require_another(actor.person_id, first_decider_id=page.told.block.blocked_by_id)
        if form.errors or form.verdict is None:
            return page.response(422)
        await block_appeals.decide(
            tx,
            appeal=appeal,
            block=page.told.block,
            actor=actor,
            verdict=form.verdict,
            answer=form.answer,
            now=now,
        )
        return Redirect("/moderation?show=appeals&done=block_appeal", status_code=303)


async def _ask(
    db: ReadSession,
    behind: Behind,
    kind: str,
    number: int,
    *,
    actor: Whoever,
    settings: Settings,
    now: datetime,
    form: BlockForm | None = None,
) -> Template:
    """The form beside what the person sent; refused at once where nobody can be blocked."""
    await blocks.require_blockable(db, behind=behind, actor=actor)
    page = NewBlockPage(
        behind=behind,
        address=f"/moderation/{kind}/{number}/block",
        back="/moderation/support" if kind == "endorsements" else f"/moderation/{kind}/{number}",
        form=form or BlockForm.blank(now=now, zone=settings.zone),
        conduct=CONDUCT,
        lately=await block_queries.sent_lately(db, behind.person_id, panels=panels_for(actor, Permission.READ_QUEUE)),
        names=OUTCOME_NAMES,
        endings=ENDING_NAMES,
        is_blocked=await block_queries.in_force(db, behind.person_id, now=now) is not None,
    )
    return page.response(422 if form else 200)


async def _impose(
    tx: WriteSession,
    data: FormData,
    behind: Behind,
    kind: str,
    number: int,
    *,
    actor: Whoever,
    settings: Settings,
    now: datetime,
) -> Template | Redirect:
    form = BlockForm.parse(data, now=now, zone=settings.zone)
    if form.errors:
        return await _ask(tx, behind, kind, number, actor=actor, settings=settings, now=now, form=form)
    block = await blocks.impose(
        tx, behind=behind, actor=actor, ground=form.ground, explanation=form.explanation, until=form.until, now=now
    )
    return Redirect(f"/moderation/blocks/{block.id}?done=imposed", status_code=303)


async def _page(
    db: ReadSession,
    block_id: int,
    *,
    actor: Whoever,
    banner: str = "",
    lift: LiftForm | None = None,
    verdict: AppealVerdictForm | None = None,
    now: datetime,
) -> BlockPage:
    told = await block_queries.told(db, block_id)
    block, appeal = told.block, told.appeal
    panel_id = block.consultation.panel_id
    rules.require_reader(actor, panel_id=panel_id)
    moderates = may(actor, Permission.BLOCK_RESIDENTS, panel_id=panel_id)
    is_open = appeal is not None and appeal.state is AppealState.RECEIVED
    holds = block_rules.holds(block, told.end, now)
    return BlockPage(
        told=told,
        holds=holds,
        text=CONDUCT[block.ground],
        endings=ENDING_NAMES,
        earlier=[one for one in await block_queries.of_person(db, block.person_id) if one.block.id != block.id],
        may_lift=holds and moderates,
        moderates=moderates,
        may_decide=is_open and moderates and block.blocked_by_id != actor.person_id,
        lift=lift or LiftForm(),
        verdict=verdict or AppealVerdictForm(),
        banner=banner,
        now=now,
    )
