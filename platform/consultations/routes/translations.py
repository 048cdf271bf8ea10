"""Reading an idea in another language."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.inject import Actor
from consultations import queries, rules, translating
from consultations.inject import Translator
from consultations.languages import LANGUAGE_NAMES
from consultations.pages import WithdrawnIdeaPage
from consultations.writing_pages import TranslationPage
from kernel import idempotency
from kernel.errors import NotFound
from kernel.i18n import language
from kernel.inject import Db, Doors, Now


class Translations(Controller):
    """One idea, in the reader's language."""

    path = "/ideas/{idea_id:int}"

    @get("/in/{code:str}", name="translation.show")
    async def show(self, db: Db, idea_id: FromPath[int], code: FromPath[str], actor: Actor) -> Template:
        """The translation, marked as one, with the original beside it; nothing when nobody asked for it yet."""
        idea = await queries.idea_by_id(db, idea_id)
        if rules.was_public(idea):
            return WithdrawnIdeaPage(idea=idea).response(410)
        found = await translating.stored(db, idea=idea, language=code) if idea.is_public else None
        if found is None or not rules.may_see(idea.consultation, actor):
            raise NotFound
        return TranslationPage(idea=idea, translation=found, names=LANGUAGE_NAMES).response()

    @post("/translate", name="translation.make", status_code=303, opt={idempotency.EACH_TIME: True})
    async def make(
        self, database: Doors, idea_id: FromPath[int], actor: Actor, translator: Translator, now: Now
    ) -> Redirect:
        """Have it made in the reader's language; asked for again, what was made before is shown."""
        async with database.read() as db:
            idea = await queries.idea_by_id(db, idea_id)
            if not rules.may_see_idea(idea, actor) or not rules.may_see(idea.consultation, actor):
                raise NotFound
        await translating.translate(database, translator, idea_id=idea_id, language=language(), now=now)
        return Redirect(f"/ideas/{idea_id}/in/{language()}", status_code=303)
