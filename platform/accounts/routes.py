"""Sign in, sign out, and the choice of language."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import sessions, sign_in
from accounts.forms import SignInForm, path_here
from accounts.inject import Actor
from accounts.pages import LinkSentPage, SignInPage, UseLinkPage
from kernel import forms, idempotency
from kernel.cookies import BROWSER, LANGUAGE, SESSION, cookie, cookie_name
from kernel.i18n import is_offered, language
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.tokens import new_secret


class SignIn(Controller):
    """Signing in by an e-mailed link, and out."""

    @get("/sign-in", name="sign_in.ask")
    async def ask_form(self, request: Asked) -> Template:
        """The form that asks for an address."""
        return SignInPage(form=SignInForm(next_path=path_here(request.query_params.get("next", "/")))).response()

    @post("/sign-in", name="sign_in.send", status_code=200)
    async def ask(self, tx: Tx, data: FormData, request: Asked, now: Now, settings: Config) -> Template:
        """Have a link sent; the answer is the same for every address."""
        form = SignInForm.parse(data)
        if form.errors:
            return SignInPage(form=form).response(422)
        browser = request.cookies.get(cookie_name(BROWSER, settings)) or new_secret()
        await sign_in.ask(tx, email=form.email, browser=browser, next_path=form.next_path, language=language(), now=now)
        page = LinkSentPage(email=form.email, minutes_valid=int(sign_in.VALID.total_seconds() // 60)).response()
        page.set_cookie(cookie(BROWSER, browser, settings, max_age=86_400))
        return page

    @get("/sign-in/{secret:str}", name="sign_in.look")
    async def look(self, db: Db, secret: FromPath[str], request: Asked, now: Now, settings: Config) -> Template:
        """The page behind a link; it takes a press of the button to sign in."""
        found = await sign_in.look(db, secret=secret, now=now)
        here = sign_in.is_same_browser(found, request.cookies.get(cookie_name(BROWSER, settings)))
        return UseLinkPage(secret=secret, is_same_browser=here).response()

    @post("/sign-in/{secret:str}", name="sign_in.use", status_code=303)
    async def use(self, tx: Tx, secret: FromPath[str], request: Asked, now: Now, settings: Config) -> Redirect:
        """Use the link up and begin a session under a new id."""
        browser = request.cookies.get(cookie_name(BROWSER, settings))
        signed_in = await sign_in.use(tx, secret=secret, browser=browser, now=now)
        answer = Redirect(signed_in.next_path, status_code=303)
        seconds = int(signed_in.lasts.total_seconds())
        answer.set_cookie(cookie(SESSION, signed_in.secret, settings, max_age=seconds))
        return answer

    @post("/sign-out", name="sign_out", status_code=303, opt={idempotency.EACH_TIME: True})
    async def sign_out(self, tx: Tx, request: Asked, actor: Actor, now: Now, settings: Config) -> Redirect:
        """End this browser's session."""
        secret = request.cookies.get(cookie_name(SESSION, settings))
        if secret:
            await sessions.end(tx, secret=secret, actor=actor, now=now)
        answer = Redirect("/", status_code=303)
        answer.set_cookie(cookie(SESSION, "", settings, max_age=0))
        return answer

    @post("/language", name="language.set", status_code=303)
    async def set_language(self, data: FormData, settings: Config) -> Redirect:
        """Read the site in another language from now on."""
        answer = Redirect(path_here(forms.line(data, "next")), status_code=303)
        code = forms.line(data, "language")
        if is_offered(code):
            answer.set_cookie(cookie(LANGUAGE, code, settings, max_age=365 * 86_400))
        return answer
