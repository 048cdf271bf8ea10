"""Where a secretary says what a consultation offers beside typing; also while it is open."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission, known
from accounts.inject import Actor, requires
from consultations import ways, ways_queries
from kernel.inject import Config, Db, FormData, Now, Tx
from klankbord.on_behalf.forms import WaysForm
from klankbord.on_behalf.pages import WaysPage
from klankbord.set_up import reading


class WaysWork(Controller):
    """The ways into one consultation."""

    path = "/desk/consultations/{consultation_id:int}/ways"
    guards = [requires(Permission.PREPARE_CONSULTATIONS)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="consultation_desk.ways")
    async def show(self, db: Db, consultation_id: FromPath[int], actor: Actor, settings: Config) -> Template:
        """The form as it stands."""
        consultation = await reading.prepared(db, consultation_id, actor)
        form = WaysForm.of(await ways_queries.ways_of(db, consultation.id))
        return WaysPage(consultation=consultation, form=form, has_file=bool(settings.neighbourhoods)).response()

    @post(name="consultation_desk.choose_ways", status_code=303)
    async def choose(
        self, tx: Tx, consultation_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Put it in place of what was there."""
        consultation = await reading.prepared(tx, consultation_id, actor)
        form = WaysForm.parse(data)
        if form.errors:
            return WaysPage(consultation=consultation, form=form, has_file=bool(settings.neighbourhoods)).response(422)
        await ways.choose(tx, consultation=consultation, ways=form.chosen, actor_id=known(actor), now=now)
        return Redirect(f"/desk/consultations/{consultation.id}", status_code=303)
