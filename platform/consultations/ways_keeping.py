"""Why the tables of other ways in are there, and until when: `__kept__` of each."""

from consultations.keeping import ARCHIVED
from kernel.i18n import N_
from kernel.keeping import Apart, Basis, Erasure, Kept, of_nobody

WAYS_IN = of_nobody(
    N_("Hoe mensen aan een consultatie kunnen meedoen die niet online zijn, en of er een foto bij mag"),
    N_("Laten lezen waar papier kan worden ingeleverd en wie er te bellen is."),
    ARCHIVED,
    "offline_help",
    by=("changed_by_id",),
)
INTAKE = Kept(
    what=N_("Dat een medewerker uw idee voor u opschreef, en hoe u te bereiken bent als u dat zelf vertelde"),
    purpose=N_("Ook wie niet online is laten meedoen, en laten weten wat ermee gebeurt."),
    basis=Basis.TASK,
    until=N_("even lang als het idee; uw adres of telefoonnummer tot u het idee intrekt"),
    whose=("idea_id",),
    by=("entered_by_id",),
    erasure=Erasure.EMPTIED,
    words=("reach",),
    apart={
        "reach": Apart(
            purpose=N_("U per post of telefoon vertellen wat er met uw idee gebeurt."),
            basis=Basis.CONSENT,
            until=N_("tot u het idee intrekt"),
        )
    },
)
PRINTED_CODE = Kept(
    what=N_("De codes op papieren ontvangstbevestigingen, onleesbaar gemaakt"),
    purpose=N_("Een code laten vervallen als het papier kwijt is."),
    basis=Basis.TASK,
    until=N_("even lang als het idee"),
    whose=("idea_id",),
    by=("printed_by_id",),
    erasure=Erasure.REMOVED,
    secrets=("hash",),
)
ATTACHMENT = Kept(
    what=N_("Foto's en documenten bij uw idee, met de beschrijving die u gaf"),
    purpose=N_("Laten zien wat u bedoelt."),
    basis=Basis.CONSENT,
    until=N_("tot u het bestand weghaalt of het idee intrekt"),
    whose=("idea_id",),
    by=("decided_by_id",),
    erasure=Erasure.REMOVED,
    words=("alternative", "reason", "body"),
    ours=("sha256",),
)
