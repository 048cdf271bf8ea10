"""What is kept about people: of every table why, on what ground, until when, whose it is, and what erasing does.

Each table's class carries `__kept__`, a `Kept`. Download, erasure, the daily clearing and the public page all read
that and nothing else; a table or a text column without an answer does not pass `tests/house/test_keeping.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from kernel.i18n import N_


class Basis(StrEnum):
    """The ground in the law on which it is kept."""

    TASK = "task"
    CONSENT = "consent"
    LAW = "law"
    NOBODY = "nobody"


BASIS_NAMES = {
    Basis.TASK: N_("een taak van algemeen belang (AVG artikel 6, lid 1, onder e)"),
    Basis.CONSENT: N_("uw toestemming (AVG artikel 6, lid 1, onder a)"),
    Basis.LAW: N_("een wettelijke plicht (AVG artikel 6, lid 1, onder c)"),
    Basis.NOBODY: N_("gaat niet over een persoon"),
}


class Erasure(StrEnum):
    """What becomes of a row when the person it belongs to has their data erased."""

    REMOVED = "removed"
    EMPTIED = "emptied"
    UNNAMED = "unnamed"
    STAYS = "stays"


ERASURE_NAMES = {
    Erasure.REMOVED: N_("verdwijnt helemaal"),
    Erasure.EMPTIED: N_("de tekst en de naam verdwijnen; de plaats blijft meetellen"),
    Erasure.UNNAMED: N_("blijft, maar niemand ziet nog dat het van u was"),
    Erasure.STAYS: N_("blijft staan"),
}


@dataclass(frozen=True, kw_only=True)
class After:
    """Nothing of this table is older than so long after the moment in `column`. Without a moment it is not over yet.

    The worker throws it away each turn, so the column has an index; with `has_own_job` another job does.
    """

    column: str
    span: timedelta
    has_own_job: bool = False


@dataclass(frozen=True, kw_only=True)
class Apart:
    """A column that is kept for another reason, or for another time, than the rest of its row."""

    purpose: str
    basis: Basis
    until: str
    after: After | None = None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The answer of one table.

    Whose it is: each of `whose` is a column that leads to the person the row belongs to. It is a foreign key to a
    person, or to a row that is somebody's; or, where there is no foreign key, `mailbox=person.mailbox` (the same value)
    or `subject:` (a text as `idea:12`). `about` leads in the same way to people whom the row tells about: it goes when
    they go, and is not theirs to take along. `by` are people who did it as their task: it is in their download, and
    stays without them.

    Every column of text stands in one of three. `words`: what somebody wrote, or what was made from it; erasing empties
    it (to `""`, nothing, or what `erased_as` says). `ours`: our own words, codes and numbers. `secrets`: of no meaning
    to anybody, so in no download. `quotes` are columns of JSON with pieces of what others wrote, and under which name
    each piece has beside it whose that is: `{"news": "idea_id"}`.
    """

    what: str
    purpose: str
    basis: Basis
    until: str
    after: After | None = None
    whose: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    erasure: Erasure = Erasure.STAYS
    words: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)
    erased_as: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, Apart] = field(default_factory=dict)

    @property
    def is_personal(self) -> bool:
        """Whether a row can refer to a person."""
        return bool(self.whose or self.about or self.by)


def of_nobody(what: str, purpose: str, until: str, *ours: str, by: tuple[str, ...] = ()) -> Kept:
    """The answer of a table about the work itself: public, or about no person. `by` did it as their task."""
    basis = Basis.TASK if by else Basis.NOBODY
    return Kept(what=what, purpose=purpose, basis=basis, until=until, ours=ours, by=by)
