"""Why the tables of moderation are there, and until when: `__kept__` of each."""

from consultations.keeping import ARCHIVED
from kernel.i18n import N_
from kernel.keeping import Basis, Erasure, Kept, of_nobody

_ANSWERABLE = N_("Kunnen uitleggen waarom een idee wel of niet te lezen is, en u gelijk kunnen geven.")
_AS_LONG = N_("even lang als het idee")
_GONE = "-"
"""What stands for an answer that was erased: the database knows no decided report or appeal without one."""

GROUND = of_nobody(
    N_("De redenen om iets niet te tonen"),
    N_("Vooraf laten lezen wat niet mag."),
    ARCHIVED,
    *("code", "title", "wording"),
)
CLAIM = of_nobody(
    N_("Welke moderator nu een idee bekijkt"),
    N_("Niet met twee mensen hetzelfde doen."),
    N_("een kwartier"),
    by=("moderator_id", "taken_from_id"),
)
PLANNED_DECISION = Kept(
    what=N_("Wat een moderator besloot, zolang hij dat nog kan terugdraaien"),
    purpose=N_("Een vergissing herstellen voordat iemand er last van heeft."),
    basis=Basis.TASK,
    until=N_("zo lang als het terug te draaien is: meestal tien minuten"),
    about=("idea_id",),
    by=("planned_by_id",),
    erasure=Erasure.REMOVED,
    words=("explanation",),
    ours=("mark", "together"),
)
KEYS_OFF = Kept(
    what=N_("Dat u in de wachtrij zonder sneltoetsen werkt"),
    purpose=N_("Uw keuze onthouden."),
    basis=Basis.TASK,
    until=N_("tot u de sneltoetsen weer aanzet"),
    whose=("person_id",),
    erasure=Erasure.REMOVED,
)
DECISION = Kept(
    what=N_("Wat een moderator besloot over uw idee, met de uitleg aan u"),
    purpose=_ANSWERABLE,
    basis=Basis.LAW,
    until=_AS_LONG,
    whose=("idea_id",),
    by=("decided_by_id",),
    erasure=Erasure.EMPTIED,
    words=("explanation",),
    ours=("version_sha256",),
)
REPORT = Kept(
    what=N_("Een melding die u deed over een idee, en ons antwoord"),
    purpose=N_("Uw melding beoordelen en u antwoord geven."),
    basis=Basis.LAW,
    until=_AS_LONG,
    whose=("reporter_id",),
    about=("idea_id",),
    by=("decided_by_id",),
    erasure=Erasure.EMPTIED,
    words=("reason", "answer", "name"),
    ours=("address",),
    erased_as={"answer": _GONE},
)
PAGE_REPORT = Kept(
    what=N_("Een melding die u deed over een pagina, en ons antwoord"),
    purpose=N_("Uw melding beoordelen en u antwoord geven."),
    basis=Basis.LAW,
    until=N_("even lang als de pagina waar zij over gaat"),
    whose=("reporter_id",),
    by=("decided_by_id",),
    erasure=Erasure.EMPTIED,
    words=("reason", "answer", "name"),
    ours=("address",),
    erased_as={"answer": _GONE},
)
APPEAL = Kept(
    what=N_("Uw bezwaar tegen een besluit, en ons antwoord"),
    purpose=_ANSWERABLE,
    basis=Basis.LAW,
    until=_AS_LONG,
    whose=("decision_id",),
    by=("decided_by_id",),
    erasure=Erasure.EMPTIED,
    words=("reason", "answer"),
    erased_as={"answer": _GONE},
)
ANSWER_APPEAL = Kept(
    what=N_("Uw bezwaar tegen ons antwoord op een melding, of tegen een foto of document dat wij niet tonen"),
    purpose=_ANSWERABLE,
    basis=Basis.LAW,
    until=N_("even lang als de melding, de foto of het document"),
    whose=("report_id", "page_report_id", "file_id"),
    about=("idea_id",),
    by=("answered_by_id", "decided_by_id"),
    erasure=Erasure.EMPTIED,
    words=("reason", "answer"),
    erased_as={"answer": _GONE},
)
BLOCK = Kept(
    what=N_("Dat u een tijd niet mocht meedoen, en waarom"),
    purpose=N_("Anderen beschermen, en u kunnen uitleggen waarom."),
    basis=Basis.TASK,
    until=N_("zolang u een account hebt. Loopt de blokkade nog, dan kan dit adres tot het einde niet opnieuw meedoen"),
    whose=("person_id",),
    by=("blocked_by_id",),
    erasure=Erasure.EMPTIED,
    words=("explanation",),
)
BLOCK_END = Kept(
    what=N_("Hoe zo'n blokkade eindigde"),
    purpose=N_("U kunnen uitleggen waarom u weer mag meedoen."),
    basis=Basis.TASK,
    until=N_("even lang als de blokkade"),
    whose=("block_id",),
    by=("ended_by_id",),
    erasure=Erasure.EMPTIED,
    words=("reason",),
)
BLOCK_APPEAL = Kept(
    what=N_("Uw bezwaar tegen een blokkade, en ons antwoord"),
    purpose=N_("Laten nakijken of de blokkade terecht is."),
    basis=Basis.LAW,
    until=N_("even lang als de blokkade"),
    whose=("block_id",),
    by=("decided_by_id",),
    erasure=Erasure.EMPTIED,
    words=("reason", "answer"),
    erased_as={"answer": _GONE},
)
