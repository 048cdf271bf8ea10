"""Letters about conversations: a question to an author, the answer to whoever asked, an answer that did not get in."""

from sqlalchemy import select

from accounts import roles
from accounts.models import Person
from consultations import ideas
from consultations.models import Idea
from conversations import queries, reply_addresses, rules
from conversations.models import Contribution, Conversation, ThemeQuestion
from conversations.quotes import MARK
from conversations.states import Fate, Side
from kernel.events import EventRecord
from kernel.i18n import N_
from notify.drafts import Draft, Words
from themes.models import Theme

WHY_REFUSED = {
    Fate.EMPTY: N_("Wij vonden geen tekst boven het bericht waarop u antwoordde."),
    Fate.TOO_LONG: N_("Uw antwoord was te lang. Er passen 4.000 tekens, en geen grote bijlagen."),
    Fate.UNREADABLE: N_("Wij konden uw e-mail niet lezen."),
    Fate.TOO_LATE: N_("Op deze e-mail kunt u niet meer antwoorden."),
}


async def _about(draft: Draft) -> tuple[Contribution, Idea, Words]:
    written = await draft.tx.get_one(Contribution, draft.fact("contribution_id"))
    conversation = await draft.tx.get_one(Conversation, written.conversation_id)
    idea = await draft.tx.get_one(Idea, conversation.idea_id)
    path = await ideas.receipt_link(draft.tx, idea_id=idea.id, now=draft.now)
    return (
        written,
        idea,
        {
            "title": idea.title,
            "number": idea.number,
            "is_panel": conversation.side is Side.PANEL,
            "conversation": f"{draft.link(path)}/conversation?with={conversation.side}",
        },
    )


async def author_asked(draft: Draft) -> Words | None:
    """What staff wrote, as long as it can be answered; with an address to answer to when letters come in."""
    written, idea, words = await _about(draft)
    if idea.state in rules.OVER or not written.body:
        return None
    question = None
    if written.theme_question_id is not None:
        themes = select(Theme.name).join(ThemeQuestion, ThemeQuestion.theme_id == Theme.id)
        question = await draft.tx.scalar(themes.where(ThemeQuestion.id == written.theme_question_id))
    reply_to = reply_addresses.address_for(draft.settings, contribution_id=written.id, person_id=draft.receiver.id)
    return words | {
        "said": written.body,
        "asks": written.asks,
        "theme": question or "",
        "reply_to": reply_to,
        "mark": MARK,
    }


async def author_answered(draft: Draft) -> Words | None:
    """To staff, while something waits for them; what was written stays on the page, behind the sign-in."""
    person = await draft.tx.get_one(Person, draft.receiver.id)
    actor = await roles.actor_for(draft.tx, person=person)
    sides = rules.readers(actor)
    waiting = await queries.how_many_wait(draft.tx, sides) if sides else 0
    return {"number": waiting, "page": draft.link("/desk/conversations")} if waiting else None


async def reply_refused(draft: Draft) -> Words | None:
    """Why the author's letter was not taken in, and the way that always works."""
    _, idea, words = await _about(draft)
    event = await draft.tx.get_one(EventRecord, draft.fact("event_id"))
    if idea.state in rules.OVER:
        return None
    return words | {"why": WHY_REFUSED[Fate(event.facts["why"])]}
