"""A list of published ideas as a page shows it: which ones, in which order, and the addresses around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from consultations import queries
from consultations.models import Consultation, Idea
from consultations.paging import PAGE, IdeaKey, IdeaSlice, Sort
from consultations.states import IdeaKind
from kernel import forms
from kernel.db import ReadSession


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Ideas of one consultation and the reader's choices."""

    slug: str
    consultation_id: int
    found: IdeaSlice
    sort: Sort = Sort.NEWEST
    kind: IdeaKind | None = None
    words: str = ""
    prompt_id: int | None = None
    is_late: bool = False
    is_merged: bool = False  # what is carried on as part of another idea, instead of what stands by itself
    after: str = ""
    most: int = PAGE

    @classmethod
    async def load(
        cls, db: ReadSession, consultation: Consultation, asked: Mapping[str, str], *, most: int = 0
    ) -> Self:
        """What an address asks for; what it asks wrongly is left out."""
        sort = Sort.SUPPORT if asked.get("sort") == Sort.SUPPORT else Sort.NEWEST
        kind = IdeaKind(asked["kind"]) if asked.get("kind") in set(IdeaKind) else None
        words = forms.line(asked, "q")[:80]
        prompt_id = forms.whole_number(asked, "prompt")
        is_late, is_merged = forms.ticked(asked, "late"), forms.ticked(asked, "merged")
        after = IdeaKey.parse(asked.get("after", ""))
        number = forms.whole_number(asked, "most") or most or PAGE
        number = number if 1 <= number <= PAGE else PAGE
        found = await queries.published(
            db,
            consultation.id,
            sort=sort,
            kind=kind,
            words=words,
            prompt_id=prompt_id,
            is_late=is_late,
            is_merged=is_merged,
            after=after,
            most=number,
        )
        return cls(
            slug=consultation.slug,
            consultation_id=consultation.id,
            found=found,
            sort=sort,
            kind=kind,
            words=words,
            prompt_id=prompt_id,
            is_late=is_late,
            is_merged=is_merged,
            after=str(after) if after else "",
            most=number,
        )

    @property
    def ideas(self) -> Sequence[Idea]:
        """The ideas on this page."""
        return self.found.ideas

    @property
    def is_filtered(self) -> bool:
        """Whether the reader asked for some of them."""
        return bool(self.words or self.kind or self.prompt_id or self.is_late or self.is_merged)

    @property
    def is_extract(self) -> bool:
        """Whether this is only a first look, with the whole list elsewhere."""
        return self.most < PAGE

    @property
    def here(self) -> str:
        """The address of this very list."""
        return self._address(after=self.after, most=str(self.most) if self.is_extract else "")

    @property
    def next_url(self) -> str | None:
        """The next page, if there is one."""
        return self._address(after=str(self.found.next_key)) if self.found.next_key else None

    @property
    def first_url(self) -> str | None:
        """Back to the first page, for who is further on."""
        return self._address() if self.after else None

    def sorted_url(self, sort: str) -> str:
        """The same choice in another order."""
        return self._address(sort=sort)

    def _address(self, **changed: str) -> str:
        chosen = {"kind": self.kind or "", "q": self.words, "prompt": str(self.prompt_id or "")}
        chosen |= {"late": "1" if self.is_late else "", "merged": "1" if self.is_merged else ""}
        asked = {"sort": self.sort.value, **chosen, **changed}
        if asked["sort"] == Sort.NEWEST:
            del asked["sort"]
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"/consultations/{self.slug}/ideas" + (f"?{query}" if query else "")
