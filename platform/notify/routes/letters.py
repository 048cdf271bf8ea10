"""Where the links in letters lead: one-click unsubscribing, and a digest on the web."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Template

from kernel import tokens
from kernel.inject import Config, Db, Now, Tx
from notify import digests, signing, subscriptions
from notify.models import Digest
from notify.pages import DigestPage, UnsubscribePage
from notify.texts.following import DIGEST


class Unsubscribe(Controller):
    """One click, as RFC 8058 has it: no cookie, no sign-in, no second page. Looking changes nothing."""

    path = "/unsubscribe/{signed:str}"

    @get(name="unsubscribe")
    async def look(self, signed: FromPath[str], settings: Config) -> Template:
        """A page with a button: programs that open every link stop nothing."""
        _, scope = signing.read(settings, signed)
        topic, _ = signing.target_of(scope)
        return UnsubscribePage(signed=signed, topic=topic, is_done=False).response()

    @post(name="unsubscribe.now", status_code=200, exclude_from_csrf=True)
    async def stop(self, tx: Tx, signed: FromPath[str], settings: Config, now: Now) -> Template:
        """Stop; doing it again changes nothing."""
        person_id, scope = signing.read(settings, signed)
        topic, topic_id = signing.target_of(scope)
        await subscriptions.silence(tx, person_id=person_id, topic=topic, topic_id=topic_id, now=now)
        return UnsubscribePage(signed=signed, topic=topic, is_done=True).response()


class Digests(Controller):
    """A digest on the web."""

    @get("/digests/{secret:str}", name="digest.show")
    async def show(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """The same rows as the letter, without what is no longer public."""
        token = await tokens.find(db, purpose=DIGEST, secret=secret, now=now)
        digest = await db.get_one(Digest, token.subject_id)
        return DigestPage(sections=await digests.sections(db, digest), made_at=digest.made_at).response()
