"""The way back in with the number and the code that stand on paper."""

from datetime import timedelta

from litestar import Controller, get, post
from litestar.response import Redirect, Template

from consultations import on_behalf
from kernel import allowances
from kernel.errors import LinkSpent
from kernel.i18n import gettext as _
from kernel.inject import Config, FormData, Network, Now, Tx
from kernel.networks import fingerprint
from klankbord.on_behalf.forms import CodeForm
from klankbord.on_behalf.pages import FindPage

TRIES = 20
"""Wrong or right, from one network in an hour: a library's computers are one network."""


class Finding(Controller):
    """For who holds a printed receipt."""

    path = "/receipts"

    @get(name="receipt.ask")
    async def ask(self) -> Template:
        """The form."""
        return FindPage(form=CodeForm()).response()

    @post(name="receipt.find", status_code=303)
    async def find(self, tx: Tx, data: FormData, now: Now, network: Network, settings: Config) -> Template | Redirect:
        """On to the receipt; whoever guesses is soon told to wait."""
        form = CodeForm.parse(data)
        if form.errors:
            return FindPage(form=form).response(422)
        whose = fingerprint(network, settings.secret)
        if not await allowances.take(
            tx, kind="receipt_code", whose=whose, most=TRIES, within=timedelta(hours=1), now=now
        ):
            form.errors["form"] = _("Er is te vaak een code geprobeerd. Probeer het over een uur opnieuw.")
            return FindPage(form=form).response(429)
        number, code = on_behalf.read_number(form.number), on_behalf.read(form.code)
        try:
            await on_behalf.behind(tx, number=number, code=code, now=now)
        except LinkSpent:
            form.errors["code"] = _("Dit nummer en deze code horen niet bij elkaar. Kijk nog eens goed op uw papier.")
            return FindPage(form=form).response(422)
        return Redirect(f"/receipts/{code}", status_code=303)
