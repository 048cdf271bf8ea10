"""The operator's page of second factors."""

from litestar import Controller, get, post
from litestar.response import Redirect, Template

from accounts import second_factor
from accounts.access import Permission, may
from accounts.inject import Actor, recent_second_factor, requires
from accounts.models import Person
from kernel.errors import NotFound
from kernel.inject import Config, Db, FormData, Now, Tx
from klankbord.set_up import second_factors
from klankbord.set_up.second_factors import ResetForm


class SecondFactors(Controller):
    """Who has one, who has not, and the way back for who lost it."""

    path = "/desk/set-up/second-factors"
    guards = [requires(Permission.READ_SET_UP)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="set_up.second_factors")
    async def show(self, db: Db, actor: Actor, settings: Config) -> Template:
        """Role by role."""
        may_set_up = may(actor, Permission.SET_UP)
        page = await second_factors.page(
            db, ResetForm(), own_id=actor.person_id, may_set_up=may_set_up, settings=settings
        )
        return page.response()

    @post(
        name="set_up.reset_second_factor",
        status_code=303,
        guards=[requires(Permission.SET_UP), recent_second_factor],
    )
    async def reset(self, tx: Tx, data: FormData, actor: Actor, now: Now, settings: Config) -> Template | Redirect:
        """Take somebody's away, in writing; they are signed out everywhere and hear of it."""
        form = ResetForm.parse(data)
        if form.errors:
            page = await second_factors.page(tx, form, own_id=actor.person_id, may_set_up=True, settings=settings)
            return page.response(422)
        person = await tx.get(Person, form.person_id)
        if person is None:
            raise NotFound
        await second_factor.reset(tx, person=person, by=actor.person_id, reason=form.reason, now=now)
        return Redirect("/desk/set-up/second-factors#weggehaald", status_code=303)
