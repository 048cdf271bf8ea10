"""The operator's page of who is signed in."""

from litestar import Controller, get, post
from litestar.response import Redirect, Template

from accounts import addresses, people, sessions
from accounts.access import Permission, known, may
from accounts.errors import AddressTaken
from accounts.inject import Actor, recent_second_factor, requires, signed_out
from accounts.models import Person
from accounts.states import Ended
from kernel import forms
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.i18n import gettext as _
from kernel.inject import Config, Db, FormData, Now, Tx
from klankbord.set_up import sign_ins
from klankbord.set_up.sign_ins import NewAddressForm, SignOutForm

HERE = "/desk/set-up/sign-ins"
SETS_UP = requires(Permission.SET_UP)


class SignIns(Controller):
    """Who is signed in; who has to go; who lost a mailbox."""

    path = HERE
    guards = [requires(Permission.READ_SET_UP)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="set_up.sign_ins")
    async def show(self, db: Db, actor: Actor, now: Now) -> Template:
        """Who has a task, and in how many browsers they are signed in."""
        return (await sign_ins.page(db, may_set_up=may(actor, Permission.SET_UP), now=now)).response()

    @post("/end", name="set_up.end_sessions", status_code=303, guards=[SETS_UP])
    async def end(self, tx: Tx, data: FormData, actor: Actor, now: Now) -> Template | Redirect:
        """Sign somebody out everywhere: from the list, or by address."""
        person_id = forms.whole_number(data, "person_id")
        if person_id is None:
            form = SignOutForm.parse(data)
            person = None if form.errors else await _known(tx, form, "email")
            if person is None:
                return (await sign_ins.page(tx, form=form, may_set_up=True, now=now)).response(422)
            person_id = person.id
        elif await tx.get(Person, person_id) is None:
            raise NotFound
        await sessions.end_all(tx, person_id=person_id, why=Ended.OPERATOR, by=actor.person_id, now=now)
        return Redirect(HERE, status_code=303)

    @post("/end-all", name="set_up.end_all_sessions", status_code=303, guards=[SETS_UP, recent_second_factor])
    async def end_all(self, tx: Tx, actor: Actor, now: Now, settings: Config) -> Redirect:
        """Sign everybody out, oneself too."""
        await sessions.end_everybodys(tx, by=known(actor), now=now)
        return signed_out("/sign-in", settings)

    @post("/address", name="set_up.change_address", status_code=303, guards=[SETS_UP, recent_second_factor])
    async def change_address(self, tx: Tx, data: FormData, actor: Actor, now: Now) -> Template | Redirect:
        """Give somebody who lost their mailbox another address, in writing; both addresses hear of it."""
        form = NewAddressForm.parse(data)
        person = None if form.errors else await _known(tx, form, "old_email")
        if person is not None and person.id == actor.person_id:
            form.errors["old_email"] = _("Dit bent u zelf. Uw eigen adres verandert u bij ‘Mijn account’.")
        elif person is not None:
            try:
                await addresses.change_for(
                    tx, person=person, by=known(actor), email=form.new_email, reason=form.reason, now=now
                )
            except AddressTaken as refusal:  # raised before anything was written
                form.errors["new_email"] = refusal.sentence
        if form.errors:
            return (await sign_ins.page(tx, new_address=form, may_set_up=True, now=now)).response(422)
        return Redirect(f"{HERE}#veranderd", status_code=303)


async def _known(db: ReadSession, form: SignOutForm | NewAddressForm, name: str) -> Person | None:
    person = await people.by_email(db, getattr(form, name))
    if person is None:
        form.errors[name] = _("Wij kennen niemand met dit e-mailadres.")
    return person
