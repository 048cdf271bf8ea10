"""Leaving words out of a text: a new version with a mark in their place. The one before is for moderators alone.

A citizen service number goes for good: its digits are blotted in every version, and in what else its author has here.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from accounts import belongings
from consultations import flagging, rules, versions
from consultations.flagging import FIELDS
from consultations.models import Idea, IdeaVersion
from consultations.queries import current_version
from consultations.signals import MASKS, Kind, Omission, findings
from consultations.writing_models import KeptDraft, Translation
from kernel.db import WriteSession

_BLOT = "•"
_SHORT = {"title": 120, "service": 120}
"""Columns that hold so many signs; a mark can be longer than what it stands for."""


@dataclass(frozen=True, order=True)
class Cut:
    """Words to leave out: of this field, from the sign at `start` up to the one at `end`."""

    field: str
    start: int
    end: int
    kind: Omission

    @property
    def mark(self) -> str:
        """What stands in their place."""
        return MASKS[self.kind]

    def of(self, texts: Mapping[str, str]) -> str:
        """The words themselves."""
        return texts[self.field][self.start : self.end]


def joined(cuts: Iterable[Cut]) -> list[Cut]:
    """In order, without overlaps: of two that overlap the one that begins first takes both."""
    found: list[Cut] = []
    for cut in sorted(set(cuts)):
        last = found[-1] if found else None
        if last is not None and last.field == cut.field and cut.start < last.end:
            found[-1] = Cut(last.field, last.start, max(last.end, cut.end), last.kind)
        else:
            found.append(cut)
    return found


def without(texts: Mapping[str, str], cuts: Sequence[Cut]) -> dict[str, str]:
    """The texts with marks in the place of these words. A title that was made of the first sentence is made anew."""
    left = dict(texts)
    for cut in reversed(joined(cuts)):
        text = left[cut.field]
        left[cut.field] = text[: cut.start] + cut.mark + text[cut.end :]
    if texts["title"] == rules.title_from(texts["body"]):
        left["title"] = rules.title_from(left["body"])
    return left | {field: left[field][:most] for field, most in _SHORT.items()}


def cuts_for(texts: Mapping[str, str], words: str, kind: Omission) -> list[Cut]:
    """Everywhere that these words stand, in any case of letters, as whole words."""
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.I)
    return [
        Cut(field, found.start(), found.end(), kind)
        for field, text in texts.items()
        for found in pattern.finditer(text)
        if words
    ]


def citizen_numbers(texts: Mapping[str, str]) -> list[Cut]:
    """Every citizen service number in these texts."""
    some = {field: text for field, text in texts.items() if sum(map(str.isdigit, text)) >= 8}
    found = ((field, one) for field, text in some.items() for one in findings(text) if one.kind is Kind.BSN)
    return [Cut(field, one.start, one.end, Omission.BSN) for field, one in found]


async def mask(tx: WriteSession, *, idea: Idea, cuts: Sequence[Cut], now: datetime) -> IdeaVersion:
    """The text without these words, as its newest version. Those with them are hidden from everybody but moderators.

    The caller says whether it may be, keeps the decision, and moves the idea.
    """
    before = flagging.texts_of(idea)
    await _write(tx, idea=idea, texts=without(before, cuts), now=now)
    words = {cut.of(before) for cut in cuts}
    last = await current_version(tx, idea.id)
    for version in await _before(tx, last):
        whole = versions.full_text(version)
        if version.number == last.number - 1 or any(one in whole for one in words):
            version.hidden_at = version.hidden_at or now
    await tx.flush()
    if numbers := {cut.of(before) for cut in cuts if cut.kind is Omission.BSN}:
        await blot(tx, idea=idea, numbers=numbers)
    await belongings.take_quotes(tx, key="idea_id", ids=[idea.id])
    return last


async def restore(tx: WriteSession, *, idea: Idea, number: int, cuts: Sequence[Cut], now: datetime) -> IdeaVersion:
    """The words back that version `number` is without, but for citizen service numbers, which are gone."""
    hidden = select(IdeaVersion).where(IdeaVersion.idea_id == idea.id, IdeaVersion.number == number - 1)
    texts = {field: getattr((await tx.scalars(hidden)).one(), field) for field in FIELDS}
    await _write(tx, idea=idea, texts=without(texts, [one for one in cuts if one.kind is Omission.BSN]), now=now)
    return await current_version(tx, idea.id)


async def _write(tx: WriteSession, *, idea: Idea, texts: Mapping[str, str], now: datetime) -> None:
    """The version first: the database lets the text change to what was kept."""
    last = await current_version(tx, idea.id)
    sha256 = rules.sha256_of(**texts)
    kept = IdeaVersion(idea_id=idea.id, number=last.number + 1, **texts, sha256=sha256, written_at=now, is_masked=True)
    tx.add(kept)
    await tx.flush()
    for field, text in texts.items():
        setattr(idea, field, text)
    await tx.flush()
    await tx.execute(delete(Translation).where(Translation.idea_id == idea.id))
    await flagging.look(tx, idea=idea)


async def _before(tx: WriteSession, last: IdeaVersion) -> Sequence[IdeaVersion]:
    earlier = select(IdeaVersion).where(IdeaVersion.idea_id == last.idea_id, IdeaVersion.number < last.number)
    return (await tx.scalars(earlier)).all()


# numbers that are not kept


async def blot(tx: WriteSession, *, idea: Idea, numbers: Iterable[str]) -> None:
    """Take these numbers out of all that is kept of this idea and of what its author has not finished."""
    gone = sorted(numbers, key=len, reverse=True)
    for version in await _before(tx, await current_version(tx, idea.id)):
        for field in FIELDS:
            text = getattr(version, field)
            if any(one in text for one in gone):
                setattr(version, field, _blotted(text, gone))
    idea.place, idea.shown_name = _blotted(idea.place, gone), _blotted(idea.shown_name, gone)
    if idea.imported is not None:
        idea.imported = json.loads(_blotted(json.dumps(idea.imported, ensure_ascii=False), gone))
    for draft in await tx.scalars(select(KeptDraft).where(KeptDraft.person_id == idea.author_id)):
        fields = {name: _blotted(text, gone) for name, text in draft.fields.items()}
        if fields != draft.fields:
            draft.fields = fields
    await tx.flush()


def _blotted(text: str, numbers: Iterable[str]) -> str:
    """Sign for sign, so that every place in the text stays where it is."""
    for one in numbers:
        text = text.replace(one, re.sub("[0-9]", _BLOT, one))
    return text
