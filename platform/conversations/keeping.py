"""Why the tables of conversations are there, and until when: `__kept__` of each."""

from datetime import timedelta

from kernel.i18n import N_
from kernel.keeping import After, Basis, Erasure, Kept

_TALK = N_("Navragen wat u bedoelt, en uw antwoord meenemen naar de bijeenkomst.")
_AS_LONG = N_("even lang als het idee")

CONVERSATION = Kept(
    what=N_("Met wie u een gesprek hebt over uw idee"),
    purpose=_TALK,
    basis=Basis.TASK,
    until=_AS_LONG,
    whose=("idea_id",),
    erasure=Erasure.UNNAMED,
)
CONTRIBUTION = Kept(
    what=N_("Wat u en de moderatoren of het panel elkaar schrijven over uw idee"),
    purpose=_TALK,
    basis=Basis.TASK,
    until=_AS_LONG,
    whose=("writer_id", "conversation_id"),
    erasure=Erasure.EMPTIED,
    words=("body",),
)
THEME_QUESTION = Kept(
    what=N_("Vragen van leden aan alle inzenders van een thema"),
    purpose=_TALK,
    basis=Basis.TASK,
    until=_AS_LONG,
    whose=("asked_by_id",),
    erasure=Erasure.EMPTIED,
    words=("body",),
)
RECEIVED_LETTER = Kept(
    what=N_("Een kenmerk van elk antwoord per e-mail, zonder de tekst"),
    purpose=N_("Een antwoord dat twee keer aankomt, één keer opnemen."),
    basis=Basis.NOBODY,
    until=N_("negentig dagen"),
    after=After(column="received_at", span=timedelta(days=90)),
    ours=("fingerprint",),
)
