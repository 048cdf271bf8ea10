"""The kept text that a form was printed for: whether it is still there, and whether it is still the same."""

from dataclasses import dataclass

from accounts.actor import Actor
from consultations import kept_drafts, writing_queries
from consultations.forms import IdeaForm
from consultations.writing_models import KeptDraft
from kernel import idempotency
from kernel.db import WriteSession
from kernel.errors import NotFound
from kernel.forms import line, whole_number
from kernel.i18n import gettext as _
from kernel.inject import FormData

KEPT_AT = "/consultations/{slug}/drafts"
"""The scope of keeping what stands in a blank form: sending it in has the same form and the same key."""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """`draft` while it is there and the sender's own. `is_older`: another device kept something else since."""

    draft: KeptDraft | None = None
    is_gone: bool = False
    is_older: bool = False


async def behind(tx: WriteSession, data: FormData, actor: Actor, form: IdeaForm) -> Behind:
    """What stands behind a form that was sent."""
    if not line(data, "draft"):
        return Behind(draft=await _kept_from_here(tx, actor))
    try:
        draft = await writing_queries.own_draft(tx, whole_number(data, "draft"), person_id=actor.person_id)
    except NotFound:
        return Behind(is_gone=True)
    is_older = draft.version != whole_number(data, "draft_version") and draft.fields != form.typed
    return Behind(draft=draft, is_older=is_older)


async def _kept_from_here(tx: WriteSession, actor: Actor) -> KeptDraft | None:
    """What this very form was kept as before its sender pressed Back: its key is known to no other browser."""
    sending = idempotency.sending_of(tx)
    made = sending.made(kept_drafts.DRAFT) if sending else None
    if sending is None or made is None or not sending.may_know(made):
        return None
    try:
        draft = await writing_queries.draft_by_id(tx, made.subject_id or 0)
    except NotFound:
        return None
    return draft if actor.person_id in {None, draft.person_id} else None


def said_of(found: Behind) -> str:
    """The sentence above a form that was not taken for what happened on another device."""
    if found.is_gone:
        return _(
            "Deze tekst is op een ander apparaat al ingestuurd of weggegooid. Er is nu niets verstuurd. "
            "Wilt u dit toch insturen? Kies dan nog een keer de knop."
        )
    return _(
        "Op een ander apparaat hebt u deze tekst veranderd. Er is nu niets verstuurd of bewaard. "
        "Hieronder staat wat u hier typte, en daarboven wat u daar bewaarde."
    )
