"""Why the tables of themes are there, and until when: `__kept__` of each."""

from consultations.keeping import ARCHIVED
from kernel.i18n import N_
from kernel.keeping import Basis, Erasure, Kept, of_nobody

_TOGETHER = N_("Ideeën die op elkaar lijken bij elkaar zetten.")
_AS_LONG = N_("even lang als het idee")

THEME = of_nobody(N_("De namen van thema's"), _TOGETHER, ARCHIVED, *("name", "machine_name", "representative_ids"))
PLACEMENT = Kept(
    what=N_("In welk thema uw idee staat, en door welke woorden"),
    purpose=_TOGETHER,
    basis=Basis.TASK,
    until=_AS_LONG,
    whose=("idea_id",),
    erasure=Erasure.REMOVED,
    words=("shared_terms",),
    ours=("nearest_ids",),
)
CLUSTER_RUN = of_nobody(N_("Wanneer thema's zijn gemaakt"), _TOGETHER, ARCHIVED, "model", by=("asked_by_id",))
THEME_DECISION = of_nobody(
    N_("Wat een medewerker besloot over een thema"),
    N_("Kunnen uitleggen waarom een idee in een thema staat."),
    ARCHIVED,
    *("detail", "reason"),
    by=("decided_by_id",),
)
IDEA_VECTOR = Kept(
    what=N_("Getallen die de computer van uw idee maakt om het te vergelijken"),
    purpose=_TOGETHER,
    basis=Basis.TASK,
    until=_AS_LONG,
    whose=("idea_id",),
    erasure=Erasure.REMOVED,
    ours=("model",),
    secrets=("text_sha256", "vector"),
)
