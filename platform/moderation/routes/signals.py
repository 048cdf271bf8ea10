"""For moderators: what came on the site at once and has something to look at."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, may, panels_for
from accounts.inject import Actor, requires
from consultations import signal_queries
from consultations.queries import idea_by_id
from consultations.signals import KIND_NAMES
from kernel.inject import Db, Now, Tx
from moderation import second_looks
from moderation.signal_pages import SecondLooksPage


class SecondLooks(Controller):
    """Texts to read afterwards, longest on the site first."""

    path = "/moderation"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get("/flagged", name="signal.flagged")
    async def show(self, db: Db, actor: Actor, now: Now) -> Template:
        """The list."""
        waiting = await signal_queries.second_looks(db, panels=panels_for(actor, Permission.READ_QUEUE))
        kinds = await signal_queries.kinds_of(db, [idea.id for idea, _ in waiting])
        return SecondLooksPage(
            waiting=waiting, kinds=kinds, names=KIND_NAMES, may_decide=may(actor, Permission.MODERATE), now=now
        ).response()

    @post("/ideas/{idea_id:int}/looked", name="signal.looked", status_code=303, guards=[requires(Permission.MODERATE)])
    async def looked(self, tx: Tx, idea_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """It was read, and stays as it is."""
        await second_looks.looked(tx, idea=await idea_by_id(tx, idea_id), actor=actor, now=now)
        return Redirect("/moderation/flagged", status_code=303)
