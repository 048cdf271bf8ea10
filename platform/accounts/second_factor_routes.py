"""Asking for the second factor, and a person's own page about it."""

from datetime import datetime
from urllib.parse import quote

from litestar import Controller, get, post
from litestar.response import Redirect, Template

from accounts import recovery_codes, second_factor, second_factor_queries, second_factor_rules, totp
from accounts.access import known
from accounts.actor import Actor as Who
from accounts.inject import Actor, signed_in
from accounts.models import Person, SecondFactor
from accounts.qr import drawn
from accounts.routes.places import known_place
from accounts.second_factor import Proof
from accounts.second_factor_forms import ChangeForm, CodeForm, Deed
from accounts.second_factor_pages import (
    AskCodePage,
    NewSecondFactorPage,
    NoSecondFactorPage,
    RecoveryCodesPage,
    SecondFactorPage,
    SendOnPage,
)
from kernel import forms
from kernel.cookies import SESSION, cookie, cookie_name
from kernel.db import ReadSession, WriteSession
from kernel.i18n import gettext as _
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.pages import Page
from kernel.settings import Settings

OWN_PAGE = "/account/second-factor"


class AskCode(Controller):
    """Between signing in and the work; and once more before the heaviest deeds."""

    path = "/second-factor"
    guards = [signed_in]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="second_factor.ask")
    async def ask(self, actor: Actor, request: Asked) -> Template | Redirect:
        """The field for a code; who has none is led to where it is set up."""
        next_path = known_place(request, request.query_params.get("next", "/"))
        if not actor.has_second_factor:
            return Redirect(_own_page(next_path), status_code=303)
        return AskCodePage(form=CodeForm(next_path=next_path), is_again=not actor.owes_second_factor).response()

    @post(name="second_factor.give", status_code=303)
    async def give(
        self, tx: Tx, data: FormData, request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Take the code. What had to wait for it is shown once more, to be sent."""
        form, proof = CodeForm.parse(data), Proof.WRONG
        if not form.errors:
            session, key = _session(request, settings), second_factor.key_of(settings)
            shown = await second_factor.give(
                tx, person_id=known(actor), typed=form.code, session=session, key=key, now=now
            )
            proof = shown.proof
            if proof.is_good and form.address:
                return _signed_on(SendOnPage(form=form, is_set_up=True).response(), shown, settings)
            if proof.is_good:
                return _signed_on(Redirect(known_place(request, form.next_path), status_code=303), shown, settings)
            form.errors["code"] = sentence_for(proof)
        return _refused(AskCodePage(form=form, is_again=not actor.owes_second_factor), proof)


class OwnSecondFactor(Controller):
    """One's own: set up, replaced, given up. Who has one shows it first."""

    path = OWN_PAGE
    guards = [signed_in]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="second_factor.show")
    async def show(self, db: Db, request: Asked, actor: Actor, now: Now, settings: Config) -> Template:
        """What there is; the secret only in the browser that began, and only until it is in use."""
        second_factor_rules.require_shown(actor)
        next_path = known_place(request, request.query_params.get("next", "/"))
        begun = await _begun(db, request, actor, settings, now)
        if begun is not None:
            return (await _new(db, begun, CodeForm(next_path=next_path), actor, settings)).response()
        return (await _own(db, actor, settings, ChangeForm(), next_path)).response()

    @post("/begin", name="second_factor.begin", status_code=303)
    async def begin(
        self, tx: Tx, data: FormData, request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Make a secret for who has none yet; who has one changes it with a code."""
        second_factor_rules.require_shown(actor)
        next_path = known_place(request, forms.line(data, "next"))
        if not actor.has_second_factor:
            await _begin(tx, request, actor, settings, now)
        return Redirect(_own_page(next_path), status_code=303)

    @post("/confirm", name="second_factor.confirm", status_code=200)
    async def confirm(
        self, tx: Tx, data: FormData, request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """The first code: from now on it is asked for. The recovery codes are shown this once."""
        second_factor_rules.require_shown(actor)
        form = CodeForm.parse(data)
        begun = await _begun(tx, request, actor, settings, now)
        if begun is None:
            return Redirect(_own_page(form.next_path), status_code=303)
        if not form.errors:
            shown = await second_factor.confirm(
                tx,
                person=await tx.get_one(Person, begun.person_id),
                begun=begun,
                typed=form.code,
                session=_session(request, settings),
                key=second_factor.key_of(settings),
                now=now,
            )
            if shown.proof.is_good:
                page = RecoveryCodesPage(codes=shown.codes, next_path=_onward(request, form.next_path)).response()
                return _signed_on(page, shown, settings)
            form.errors["code"] = sentence_for(shown.proof)
        return (await _new(tx, begun, form, actor, settings)).response(422)

    @post("/change", name="second_factor.change", status_code=200)
    async def change(
        self, tx: Tx, data: FormData, request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Another phone, new recovery codes, or none of it any more; each with a code of the present one."""
        second_factor_rules.require_shown(actor)
        form, proof = ChangeForm.parse(data), Proof.WRONG
        person = await tx.get_one(Person, known(actor))
        if not form.errors and form.deed is not None and actor.has_second_factor:
            key = second_factor.key_of(settings)
            proof = await second_factor.prove(tx, person_id=person.id, typed=form.code, key=key, now=now)
            if proof.is_good:
                return await _changed(tx, form.deed, person, request, actor, settings, now)
            form.errors["code"] = sentence_for(proof)
        return _refused(await _own(tx, actor, settings, form, "/"), proof)


def _own_page(next_path: str) -> str:
    return f"{OWN_PAGE}?next={quote(next_path)}"


def _onward(request: Asked, next_path: str) -> str:
    """Where somebody was going, or back to the page about it."""
    place = known_place(request, next_path)
    return OWN_PAGE if place == "/" else place


def _refused(page: Page, proof: Proof) -> Template:
    if proof is Proof.TOO_OFTEN:
        wait = int(second_factor_rules.WRONG_WITHIN.total_seconds())
        return page.response(429, headers={"retry-after": str(wait)})
    return page.response(422)


def sentence_for(proof: Proof) -> str:
    """What to tell somebody whose code was not good."""
    if proof is Proof.TOO_OFTEN:
        return _("U gaf te vaak een verkeerde code. Wacht een kwartier en probeer het dan opnieuw.")
    return _("Deze code klopt niet, of is al gebruikt. Wacht tot de app een nieuwe code toont en vul die in.")


async def _changed(
    tx: WriteSession, deed: Deed, person: Person, request: Asked, actor: Who, settings: Settings, now: datetime
) -> Template | Redirect:
    if deed is Deed.CODES:
        codes = await recovery_codes.make(tx, person_id=person.id, now=now)
        return RecoveryCodesPage(codes=codes, next_path=OWN_PAGE).response()
    if deed is Deed.REPLACE:
        await _begin(tx, request, actor, settings, now)
    else:
        mandatory = second_factor_rules.mandatory_roles(settings)
        await second_factor.remove(tx, person_id=person.id, mandatory=mandatory, now=now)
    return Redirect(OWN_PAGE, status_code=303)


async def _begin(tx: WriteSession, request: Asked, actor: Who, settings: Settings, now: datetime) -> None:
    key, session = second_factor.key_of(settings), _session(request, settings)
    await second_factor.begin(tx, person_id=known(actor), session=session, key=key, now=now)


async def _begun(db: ReadSession, request: Asked, actor: Who, settings: Settings, now: datetime) -> SecondFactor | None:
    session = _session(request, settings)
    return await second_factor_queries.begun(db, person_id=known(actor), session=session, now=now)


async def _new(
    db: ReadSession, begun: SecondFactor, form: CodeForm, actor: Who, settings: Settings
) -> NewSecondFactorPage:
    secret = second_factor.secret_of(begun, key=second_factor.key_of(settings))
    person = await db.get_one(Person, begun.person_id)
    address = totp.address(secret, account=person.email, issuer=f"Klankbord {settings.municipality}")
    return NewSecondFactorPage(
        form=form, qr=drawn(address), secret=totp.in_groups(secret), is_another=actor.has_second_factor
    )


async def _own(
    db: ReadSession, actor: Who, settings: Settings, form: ChangeForm, next_path: str
) -> SecondFactorPage | NoSecondFactorPage:
    factor = await second_factor_queries.in_use(db, person_id=known(actor))
    mandatory = second_factor_rules.mandatory_roles(settings)
    is_mandatory = await second_factor_queries.is_mandatory(db, person_id=known(actor), mandatory=mandatory)
    if factor is None or factor.confirmed_at is None:
        return NoSecondFactorPage(is_mandatory=is_mandatory, next_path=next_path)
    return SecondFactorPage(
        since=factor.confirmed_at,
        codes_left=await recovery_codes.left(db, person_id=factor.person_id),
        is_mandatory=is_mandatory,
        form=form,
    )


def _session(request: Asked, settings: Settings) -> str:
    return request.cookies.get(cookie_name(SESSION, settings), "")


def _signed_on(answer: Template | Redirect, shown: second_factor.Shown, settings: Settings) -> Template | Redirect:
    """The answer with the session's new secret."""
    answer.set_cookie(cookie(SESSION, shown.session, settings, max_age=int(shown.lasts.total_seconds())))
    return answer
