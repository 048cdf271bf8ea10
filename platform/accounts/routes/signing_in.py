"""Sign in, sign out, and the choice of language."""

from urllib.parse import quote

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import second_factor_queries, sessions, sign_in
from accounts.forms import LetterCodeForm, SignInForm, path_here
from accounts.inject import Actor, signed_out
from accounts.pages import LinkSentPage, SignInPage, TypeCodePage, UseLinkPage
from accounts.routes.places import known_place
from accounts.second_factor_rules import mandatory_roles
from accounts.sign_in import Caller, SignedIn
from kernel import forms, idempotency
from kernel.cookies import BROWSER, LANGUAGE, SESSION, cookie, cookie_name
from kernel.db import WriteSession
from kernel.i18n import is_offered, language
from kernel.inject import Asked, Config, Db, FormData, Network, Now, Tx
from kernel.pages import HIDDEN
from kernel.settings import Settings
from kernel.tokens import new_secret


class SignIn(Controller):
    """Signing in by an e-mailed link or code, and out."""

    @get("/sign-in", name="sign_in.ask")
    async def ask_form(self, request: Asked) -> Template:
        """The form that asks for an address."""
        next_path = known_place(request, request.query_params.get("next", "/"))
        return SignInPage(form=SignInForm(next_path=next_path)).response()

    @post("/sign-in", name="sign_in.send", status_code=200)
    async def ask(
        self, tx: Tx, data: FormData, request: Asked, network: Network, now: Now, settings: Config
    ) -> Template:
        """Have a letter sent; the answer is the same for every address."""
        form = SignInForm.parse(data)
        if form.errors:
            return SignInPage(form=form).response(422)
        browser = request.cookies.get(cookie_name(BROWSER, settings), "")
        if not await sign_in.is_asking(tx, browser=browser, now=now):
            browser = new_secret()
        await sign_in.ask(
            tx,
            email=form.email,
            browser=browser,
            next_path=known_place(request, form.next_path),
            language=language(),
            network=network,
            secret=settings.secret,
            now=now,
        )
        minutes = int(sign_in.VALID.total_seconds() // 60)
        page = LinkSentPage(email=form.email, minutes_valid=minutes, form=LetterCodeForm()).response()
        seconds = int(sign_in.ASKING_FOR.total_seconds())
        page.set_cookie(cookie(BROWSER, browser, settings, max_age=seconds))
        return page

    @get("/sign-in/code", name="sign_in.code")
    async def code_form(self) -> Template:
        """The field for a code, for who closed the page that asked for it."""
        return TypeCodePage(form=LetterCodeForm()).response()

    @post("/sign-in/code", name="sign_in.use_code", status_code=303)
    async def use_code(self, tx: Tx, data: FormData, request: Asked, now: Now, settings: Config) -> Template | Redirect:
        """Sign in with the code from a letter that this browser asked for. Which part of it is wrong, is not told."""
        form = LetterCodeForm.parse(data)
        if not form.errors:
            caller = _caller(request, settings)
            signed_in = await sign_in.use_code(tx, code=form.code, caller=caller, secret=settings.secret, now=now)
            if signed_in is not None:
                return await _entered(tx, signed_in, request, settings)
            form.refuse()
        return TypeCodePage(form=form).response(422)

    @get("/sign-in/{secret:str}", name="sign_in.look")
    async def look(self, db: Db, secret: FromPath[str], request: Asked, now: Now, settings: Config) -> Template:
        """The page behind a link; it takes a press of the button to sign in."""
        found = await sign_in.look(db, secret=secret, now=now)
        here = sign_in.is_same_browser(found, request.cookies.get(cookie_name(BROWSER, settings)))
        return UseLinkPage(secret=secret, is_same_browser=here).response(headers=HIDDEN)

    @post("/sign-in/{secret:str}", name="sign_in.use", status_code=303)
    async def use(self, tx: Tx, secret: FromPath[str], request: Asked, now: Now, settings: Config) -> Redirect:
        """Use the link up and begin a session under a new id."""
        signed_in = await sign_in.use(tx, secret=secret, caller=_caller(request, settings), now=now)
        return await _entered(tx, signed_in, request, settings)

    @post("/sign-out", name="sign_out", status_code=303, opt={idempotency.EACH_TIME: True})
    async def sign_out(self, tx: Tx, request: Asked, actor: Actor, now: Now, settings: Config) -> Redirect:
        """End this browser's session."""
        secret = request.cookies.get(cookie_name(SESSION, settings))
        if secret:
            await sessions.end(tx, secret=secret, actor=actor, now=now)
        return signed_out("/", settings)

    @post("/language", name="language.set", status_code=303)
    async def set_language(self, data: FormData, request: Asked, settings: Config) -> Redirect:
        """Read the site in another language from now on."""
        answer = Redirect(known_place(request, path_here(forms.line(data, "next"))), status_code=303)
        code = forms.line(data, "language")
        if is_offered(code):
            answer.set_cookie(cookie(LANGUAGE, code, settings, max_age=365 * 86_400))
        return answer


def _caller(request: Asked, settings: Settings) -> Caller:
    return Caller(
        browser=request.cookies.get(cookie_name(BROWSER, settings)),
        session=request.cookies.get(cookie_name(SESSION, settings)),
        user_agent=request.headers.get("user-agent", ""),
    )


async def _entered(tx: WriteSession, signed_in: SignedIn, request: Asked, settings: Settings) -> Redirect:
    place, mandatory = known_place(request, signed_in.next_path), mandatory_roles(settings)
    if await second_factor_queries.is_owed(tx, person_id=signed_in.person_id, mandatory=mandatory):
        place = f"/second-factor?next={quote(place)}"
    answer = Redirect(place, status_code=303)
    seconds = int(signed_in.lasts.total_seconds())
    answer.set_cookie(cookie(SESSION, signed_in.secret, settings, max_age=seconds))
    return answer
