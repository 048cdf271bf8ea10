"""Another address: asked for, confirmed from the new mailbox, put back from the old one."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import addresses
from accounts.access import known
from accounts.forms import AddressForm, LetterCodeForm
from accounts.inject import Actor, recent_second_factor, signed_in, signed_out
from accounts.pages import AddressAskedPage, AddressChangedPage, NotMeDonePage, NotMePage, UseAddressLinkPage
from accounts.routes.account import account_page
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.pages import HIDDEN


class NewAddress(Controller):
    """From a session of one's own."""

    path = "/account/address"

    @get(name="address.waiting", guards=[signed_in])
    async def waiting(self, db: Db, actor: Actor, now: Now) -> Template | Redirect:
        """The field for the code, while there is something to confirm."""
        change = await addresses.waiting(db, person_id=known(actor), now=now)
        if change is None:
            return Redirect("/account", status_code=303)
        return AddressAskedPage(email=change.new_email, form=LetterCodeForm()).response()

    @post(name="address.ask", status_code=303, guards=[signed_in, recent_second_factor])
    async def ask(
        self, tx: Tx, data: FormData, request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Have a letter sent to the new address; whose it is already, is only told there."""
        form = AddressForm.parse(data)
        if form.errors:
            return (await account_page(tx, request, actor, settings, form, now=now)).response(422)
        await addresses.ask(tx, actor=actor, email=form.email, secret=settings.secret, now=now)
        return Redirect("/account/address", status_code=303)

    @post("/code", name="address.use_code", status_code=303, guards=[signed_in, recent_second_factor])
    async def use_code(self, tx: Tx, data: FormData, actor: Actor, now: Now, settings: Config) -> Template | Redirect:
        """The new address is theirs: all sessions end."""
        change = await addresses.waiting(tx, person_id=known(actor), now=now)
        form = LetterCodeForm.parse(data)
        if change is None:
            return Redirect("/account", status_code=303)
        if not form.errors:
            if await addresses.confirm_by_code(tx, actor=actor, code=form.code, secret=settings.secret, now=now):
                return signed_out("/account/address/changed", settings)
            form.refuse()
        return AddressAskedPage(email=change.new_email, form=form).response(422)

    @get("/changed", name="address.changed")
    async def changed(self) -> Template:
        """It was done; now they sign in with it."""
        return AddressChangedPage().response()

    @get("/{secret:str}", name="address.look")
    async def look(self, db: Db, secret: FromPath[str], actor: Actor, now: Now) -> Template:
        """The page behind the link; it takes a press of the button, by the person themself."""
        change = await addresses.look(db, secret=secret, now=now)
        return UseAddressLinkPage(secret=secret, is_own=change.person_id == actor.person_id).response(headers=HIDDEN)

    @post("/{secret:str}", name="address.use", status_code=303, guards=[signed_in, recent_second_factor])
    async def use(self, tx: Tx, secret: FromPath[str], actor: Actor, now: Now, settings: Config) -> Redirect:
        """As with the code."""
        await addresses.confirm_by_link(tx, actor=actor, secret=secret, now=now)
        return signed_out("/account/address/changed", settings)


class NotMe(Controller):
    """From the old mailbox, without a session: whoever changed the address may have taken those."""

    path = "/not-me"

    @get("/done", name="address.put_back_done")
    async def done(self) -> Template:
        """The old address is back."""
        return NotMeDonePage().response()

    @get("/{secret:str}", name="address.look_back")
    async def look(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """The page behind the link; it takes a press of the button."""
        change = await addresses.look_back(db, secret=secret, now=now)
        return NotMePage(secret=secret, email=change.old_email, made_at=change.made_at or now).response(headers=HIDDEN)

    @post("/{secret:str}", name="address.put_back", status_code=303)
    async def put_back(self, tx: Tx, secret: FromPath[str], now: Now) -> Redirect:
        """The old address counts again, and everybody who used the account is out."""
        await addresses.put_back(tx, secret=secret, now=now)
        return Redirect("/not-me/done", status_code=303)
