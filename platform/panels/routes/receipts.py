"""An author's own page for one idea, behind the secret in her letter; it needs no session."""

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import Template

from consultations import attachments, round_queries, writing
from consultations import queries as consultation_queries
from consultations import rules as consultation_rules
from consultations.ideas import ERASED_RECEIPT, RECEIPT
from consultations.states import IDEA_MOVES, RESTRICTED, IdeaState
from conversations.queries import about_idea
from kernel import tokens
from kernel.errors import LinkSpent
from kernel.inject import Config, Db, Now
from kernel.pages import HIDDEN
from panels import trail
from panels.pages import ErasedReceiptPage, ReceiptPage


class Receipts(Controller):
    """The receipt."""

    @get("/receipts/{secret:str}", name="idea.receipt")
    async def show(self, db: Db, secret: FromPath[str], now: Now, settings: Config) -> Template:
        """What was sent in, and everything that became of it."""
        try:
            token = await tokens.find(db, purpose=RECEIPT, secret=secret, now=now)
        except LinkSpent:
            token = await tokens.find(db, purpose=ERASED_RECEIPT, secret=secret, now=now)
            idea = await consultation_queries.idea_by_id(db, token.subject_id)
            return ErasedReceiptPage(idea=idea).response(headers=HIDDEN)
        idea = await consultation_queries.idea_by_id(db, token.subject_id)
        revisions = await consultation_queries.revisions(db, idea.id) if idea.state is IdeaState.RETURNED else 0
        page = ReceiptPage(
            idea=idea,
            prompt=await round_queries.prompt_of(db, idea),
            trail=await trail.of_idea(db, idea=idea, now=now, zone=settings.zone),
            secret=secret,
            is_restricted=idea.state in RESTRICTED,
            is_masked=(await consultation_queries.current_version(db, idea.id)).is_masked,
            may_revise=consultation_rules.may_revise(idea.consultation, idea, revisions=revisions, now=now),
            may_withdraw=IdeaState.WITHDRAWN in IDEA_MOVES[idea.state],
            revise_until=consultation_rules.revise_until(idea),
            writing=await writing.for_author(db, idea=idea, now=now),
            conversations=await about_idea(db, idea.id),
            has_files=bool(await attachments.of_idea(db, idea.id)),
            may_add_files=await attachments.may_add(db, idea),
        )
        return page.response(headers=HIDDEN)
