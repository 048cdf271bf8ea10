"""For moderators: where support came from, and whether it counts."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, may, panels_for, require
from accounts.actor import Actor as Whoever
from accounts.inject import Actor, requires
from consultations import quarantine
from consultations.states import QUARANTINE_MOVES, QUARANTINE_STATE_NAMES, QuarantineState
from consultations.support_models import Quarantine
from consultations.suspicion import SIGN_NAMES, Sign
from kernel.db import ReadSession
from kernel.inject import Db, FormData, Now, Tx
from moderation import rules, support_queries
from moderation.support_forms import SupportVerdictForm
from moderation.support_pages import SupportCasePage, SupportPage


class Support(Controller):
    """The networks that brought ten supports or more, under a name that says nothing about whose they are."""

    path = "/moderation/support"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="support.list")
    async def show_all(self, db: Db, actor: Actor) -> Template:
        """What waits for a person first."""
        found = await support_queries.cases(db, panels=panels_for(actor, Permission.READ_QUEUE))
        return SupportPage(cases=found, states=QUARANTINE_STATE_NAMES).response()

    @get("/{quarantine_id:int}", name="support.show")
    async def show(self, db: Db, quarantine_id: FromPath[int], actor: Actor) -> Template:
        """One of them."""
        found = await support_queries.quarantine(db, quarantine_id)
        return (await _page(db, found, SupportVerdictForm(), actor)).response()

    @post("/{quarantine_id:int}/decide", name="support.decide", status_code=303)
    async def decide(
        self, tx: Tx, data: FormData, quarantine_id: FromPath[int], actor: Actor, now: Now
    ) -> Template | Redirect:
        """Let it count, or keep it apart; the next may undo it."""
        found = await support_queries.quarantine(tx, quarantine_id)
        moderator_id = require(actor, Permission.WEIGH_SUPPORT, panel_id=found.consultation.panel_id)
        form = SupportVerdictForm.parse(data)
        if form.errors or form.verdict is None:
            return (await _page(tx, found, form, actor)).response(422)
        await quarantine.decide(
            tx, case=found, verdict=form.verdict, reason=form.reason, actor_id=moderator_id, now=now
        )
        return Redirect(f"/moderation/support/{quarantine_id}", status_code=303)


async def _page(db: ReadSession, found: Quarantine, form: SupportVerdictForm, actor: Whoever) -> SupportCasePage:
    panel_id = found.consultation.panel_id
    rules.require_reader(actor, panel_id=panel_id)
    signs = [Sign(one) for one in found.signs.get("signs", ())]
    return SupportCasePage(
        case=await support_queries.case_of(db, found),
        reasons=[SIGN_NAMES[sign] for sign in signs],
        states=QUARANTINE_STATE_NAMES,
        supporters=await support_queries.supporters(db, found),
        may_decide=may(actor, Permission.WEIGH_SUPPORT, panel_id=panel_id),
        offered=QUARANTINE_MOVES[found.state] & {QuarantineState.RELEASED, QuarantineState.KEPT},
        form=form,
    )
