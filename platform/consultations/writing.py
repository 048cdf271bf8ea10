"""What a page says beside an idea's text: whether it was changed, and in which language it is."""

from dataclasses import dataclass
from datetime import datetime

from consultations import editing, rules, translating, writing_queries
from consultations.languages import LANGUAGE_NAMES
from consultations.models import Idea
from kernel.db import ReadSession


@dataclass(frozen=True, kw_only=True)
class Writing:
    """`texts` is how many were kept, for all eyes how many stood in public. No `language_name`: the reader's own."""

    texts: int
    language_name: str = ""
    is_translated: bool = False
    may_translate: bool = False
    may_edit: bool = False
    edit_until: datetime | None = None


async def for_readers(db: ReadSession, *, idea: Idea, language: str, has_translator: bool) -> Writing:
    """Beside an idea on its page."""
    texts = await writing_queries.texts_of(db, idea.id, public_only=idea.is_public)
    name = LANGUAGE_NAMES.get(idea.language, "") if idea.language != language else ""
    is_translated = bool(name) and idea.is_public and await translating.stored(db, idea=idea, language=language)
    may_translate = bool(name) and idea.is_public and has_translator
    return Writing(texts=texts, language_name=name, is_translated=bool(is_translated), may_translate=may_translate)


async def for_author(db: ReadSession, *, idea: Idea, now: datetime) -> Writing:
    """On the receipt."""
    texts = await writing_queries.texts_of(db, idea.id, public_only=False)
    may_edit = await editing.may_edit(db, idea=idea, now=now)
    return Writing(texts=texts, may_edit=may_edit, edit_until=rules.edit_until(idea.consultation, idea))
