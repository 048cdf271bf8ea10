"""Why the tables of merged and split ideas are there, and until when: `__kept__` of each."""

from kernel.i18n import N_
from kernel.keeping import Basis, Erasure, Kept

_TRACEABLE = N_("Kunnen laten zien hoe een idee verder gaat, en het kunnen terugdraaien.")
_AS_LONG = N_("even lang als het idee")

IDEA_MERGE = Kept(
    what=N_("Dat uw idee verder gaat als deel van een ander idee, en waarom"),
    purpose=_TRACEABLE,
    basis=Basis.TASK,
    until=_AS_LONG,
    whose=("idea_id",),
    about=("into_id",),
    by=("merged_by_id", "parted_by_id"),
    erasure=Erasure.EMPTIED,
    words=("reason",),
)
IDEA_SPLIT = Kept(
    what=N_("Dat uw inzending is gesplitst in losse ideeën, en waarom"),
    purpose=_TRACEABLE,
    basis=Basis.TASK,
    until=_AS_LONG,
    whose=("idea_id",),
    by=("split_by_id", "undone_by_id"),
    erasure=Erasure.EMPTIED,
    words=("reason",),
)
IDEA_PART = Kept(
    what=N_("Uit welke inzending van u een idee komt"),
    purpose=_TRACEABLE,
    basis=Basis.TASK,
    until=_AS_LONG,
    whose=("idea_id",),
    erasure=Erasure.UNNAMED,
)
