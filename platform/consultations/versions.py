"""The texts of an idea as they stood: each is kept under its hash, and compared with the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select, update

from consultations import queries, rules
from consultations.differences import difference
from consultations.models import Idea, IdeaVersion
from kernel.db import ReadSession, WriteSession


@dataclass(frozen=True, kw_only=True)
class Change:
    """One text and what its author changed in it: `parts` of the earlier and the later one together."""

    version: IdeaVersion
    parts: list[tuple[str, str]]


def version_of(idea: Idea, *, number: int, now: datetime) -> IdeaVersion:
    """The text as it stands, to be kept under its hash."""
    text = {"title": idea.title, "body": idea.body, "service": idea.service, "stuck": idea.stuck}
    return IdeaVersion(idea_id=idea.id, number=number, **text, sha256=rules.sha256_of(**text), written_at=now)


async def keep(tx: WriteSession, *, idea: Idea, now: datetime) -> IdeaVersion:
    """The text as it stands now, beside those before it."""
    before = await queries.current_version(tx, idea.id)
    version = version_of(idea, number=before.number + 1, now=now)
    tx.add(version)
    await tx.flush()
    return version


async def note_public(tx: WriteSession, *, idea: Idea, now: datetime) -> None:
    """The last text stands in public from now on; a text that stood there before keeps its first moment."""
    shown = (IdeaVersion.idea_id == idea.id, IdeaVersion.published_at.is_(None), queries.is_newest())
    published = update(IdeaVersion).where(*shown).values(published_at=now)
    await tx.execute(published.execution_options(synchronize_session=False))


async def all_of(
    db: ReadSession, idea_id: int, *, public_only: bool, with_hidden: bool = False
) -> Sequence[IdeaVersion]:
    """Every text, newest first; for all eyes only those that stood in public. What words were left out of is hidden."""
    wanted = select(IdeaVersion).where(IdeaVersion.idea_id == idea_id)
    if public_only:
        wanted = wanted.where(IdeaVersion.published_at.is_not(None))
    if not with_hidden:
        wanted = wanted.where(IdeaVersion.hidden_at.is_(None))
    return (await db.scalars(wanted.order_by(IdeaVersion.number.desc()))).all()


def full_text(version: IdeaVersion) -> str:
    """Everything a version says, to compare with another."""
    return "\n".join(part for part in (version.title, version.body, version.service, version.stuck) if part)


def own_words(version: IdeaVersion) -> str:
    """The same, without a title that was only made of the first sentence."""
    is_made = version.title == rules.title_from(version.body)
    return full_text(version).removeprefix(f"{version.title}\n") if is_made else full_text(version)


def changes(texts: Sequence[IdeaVersion]) -> list[Change]:
    """What each text changed in the one before it, newest first. The first text changed nothing."""
    return [
        Change(version=after, parts=difference(own_words(before), own_words(after)))
        for after, before in pairwise(texts)
    ]
