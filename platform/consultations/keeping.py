"""Why the tables of consultations are there, and until when: `__kept__` of each."""

from datetime import timedelta

from kernel.i18n import N_
from kernel.keeping import After, Apart, Basis, Erasure, Kept, of_nobody

ARCHIVED = N_("zolang de consultatie te lezen is; ook daarna blijft zij in het archief van de gemeente")
NETWORKS = timedelta(days=30)
_FAIR = N_("Merken dat iemand steun probeert te verzinnen.")
_EXPERIENCE = ("asked", "can_change", "is_fixed", "how_used", "who_decides", "effort", "results_when")

CONSULTATION = of_nobody(
    N_("De vraag en de uitleg van een consultatie"),
    N_("Laten lezen wat er gevraagd wordt."),
    ARCHIVED,
    *("slug", "title", "summary", "question", "state_reason", *_EXPERIENCE),
)
EXTENSION = of_nobody(
    N_("Dat een consultatie langer open bleef, en waarom"),
    N_("Laten lezen waarom de datum veranderde."),
    ARCHIVED,
    "reason",
    by=("decided_by_id",),
)
IDEA = Kept(
    what=N_("Uw idee, ervaring of aanvulling: titel, tekst, plaats en de naam die u erbij toont"),
    purpose=N_("Het panel laten lezen wat u vindt, en u laten zien wat ermee gebeurt."),
    basis=Basis.TASK,
    until=N_("wat u niet bevestigt: 48 uur. Wat u bevestigt: zolang de consultatie te lezen is, of tot u het intrekt"),
    whose=("author_id",),
    erasure=Erasure.EMPTIED,
    words=("title", "body", "service", "stuck", "shown_name", "place", "imported", "external_id"),
    ours=("number", "language"),
    apart={
        "shown_name": Apart(
            purpose=N_("Uw naam bij uw idee tonen."),
            basis=Basis.CONSENT,
            until=N_("tot u het idee intrekt of uw account verwijdert"),
        )
    },
)
IDEA_VERSION = Kept(
    what=N_("Eerdere versies van uw idee"),
    purpose=N_("Kunnen zien op welke tekst een besluit rust."),
    basis=Basis.TASK,
    until=N_("even lang als het idee"),
    whose=("idea_id",),
    erasure=Erasure.EMPTIED,
    words=("title", "body", "service", "stuck"),
    ours=("sha256",),
)
ENDORSEMENT = Kept(
    what=N_("Welke ideeën u steunt"),
    purpose=N_("Steun tellen, van ieder één keer."),
    basis=Basis.TASK,
    until=N_("tot u de steun intrekt; daarna niet meer"),
    whose=("person_id",),
    erasure=Erasure.UNNAMED,
)
ENDORSEMENT_REQUEST = Kept(
    what=N_("Steun die u nog moet bevestigen"),
    purpose=N_("U een link sturen waarmee uw steun telt."),
    basis=Basis.TASK,
    until=N_("30 dagen"),
    after=After(column="asked_at", span=NETWORKS),
    whose=("person_id",),
    erasure=Erasure.REMOVED,
    secrets=("network",),
)
SUPPORT_TRACE = Kept(
    what=N_("Vanuit welk netwerk steun kwam, onleesbaar gemaakt"),
    purpose=_FAIR,
    basis=Basis.TASK,
    until=N_("30 dagen"),
    after=After(column="at", span=NETWORKS, has_own_job=True),
    whose=("endorsement_id",),
    erasure=Erasure.REMOVED,
    words=("host",),
    secrets=("network",),
)
SUPPORT_WATCH = of_nobody(N_("Wanneer steun voor het laatst is bekeken"), _FAIR, ARCHIVED)
QUARANTINE = Kept(
    what=N_("Steun uit één netwerk die apart is gezet"),
    purpose=_FAIR,
    basis=Basis.TASK,
    until=N_("het netwerk 30 dagen, onleesbaar gemaakt; het besluit zolang de consultatie te lezen is"),
    ours=("name", "signs"),
    secrets=("network",),
)
SET_APART = Kept(
    what=N_("Of uw steun apart is gezet"),
    purpose=_FAIR,
    basis=Basis.TASK,
    until=N_("even lang als de steun"),
    whose=("endorsement_id",),
    erasure=Erasure.UNNAMED,
)
QUARANTINE_DECISION = of_nobody(
    N_("Wat een moderator besloot over apart gezette steun"), _FAIR, ARCHIVED, "reason", by=("decided_by_id",)
)
RECEIPT_NUMBER = of_nobody(N_("Het laatste ontvangstnummer"), N_("Elk idee een eigen nummer geven."), ARCHIVED)
PROMPT = of_nobody(N_("De vragen van het panel"), N_("Laten lezen wat er gevraagd wordt."), ARCHIVED, "text")
PHASE = of_nobody(N_("De fasen van een consultatie"), N_("Bepalen wat wanneer kan, voor iedereen hetzelfde."), ARCHIVED)
