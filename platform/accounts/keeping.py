"""Why the tables of accounts are there, and until when: `__kept__` of each."""

from datetime import timedelta

from kernel.i18n import N_
from kernel.keeping import After, Apart, Basis, Erasure, Kept

WHILE_ACCOUNT = N_("zolang u een account hebt")

PERSON = Kept(
    what=N_("Uw account: e-mailadres, naam, taal"),
    purpose=N_("Weten dat iemand één keer meedoet, en u kunnen schrijven wat er met uw idee gebeurt."),
    basis=Basis.TASK,
    until=N_("tot u het verwijdert, of tot u 24 maanden niet bent geweest; een maand eerder schrijven wij u"),
    whose=("id=person.id",),
    erasure=Erasure.EMPTIED,
    words=("email", "mailbox", "name"),
    ours=("language",),
    apart={
        "name": Apart(
            purpose=N_("U aanspreken, en uw naam invullen als u die bij een idee wilt tonen."),
            basis=Basis.CONSENT,
            until=N_("tot u hem weghaalt"),
        )
    },
)
GRANT = Kept(
    what=N_("Taken die iemand had, zoals moderator"),
    purpose=N_("Achteraf kunnen zien wie wat mocht doen."),
    basis=Basis.TASK,
    until=N_("zolang deze website bestaat"),
    whose=("person_id",),
    erasure=Erasure.UNNAMED,
)
SESSION = Kept(
    what=N_("Op welke apparaten u bent ingelogd"),
    purpose=N_("U ingelogd houden, en u laten zien waar dat is."),
    basis=Basis.TASK,
    until=N_("tot u uitlogt, hooguit 30 dagen"),
    after=After(column="expires_at", span=timedelta(), has_own_job=True),
    whose=("person_id",),
    erasure=Erasure.REMOVED,
    secrets=("hash",),
)
SIGN_IN_REQUEST = Kept(
    what=N_("Dat u een link vroeg om in te loggen"),
    purpose=N_("U die link kunnen sturen."),
    basis=Basis.TASK,
    until=N_("2 dagen"),
    after=After(column="requested_at", span=timedelta(days=2), has_own_job=True),
    whose=("mailbox=person.mailbox",),
    erasure=Erasure.REMOVED,
    words=("email", "mailbox"),
    ours=("language", "next_path"),
    secrets=("browser_hash", "code_hash"),
)
ADDRESS_CHANGE = Kept(
    what=N_("Dat uw e-mailadres is veranderd"),
    purpose=N_("Dat u het kunt terugdraaien als u het niet zelf was."),
    basis=Basis.TASK,
    until=N_("de adressen 7 dagen; dat het veranderde, zolang u een account hebt"),
    whose=("person_id",),
    by=("by_id",),
    erasure=Erasure.EMPTIED,
    words=("reason", "old_email", "old_mailbox", "new_email", "new_mailbox"),
    secrets=("code_hash",),
    erased_as={"reason": "-"},
)
SECOND_FACTOR = Kept(
    what=N_("De app waarmee medewerkers extra inloggen"),
    purpose=N_("Zeker weten dat het de medewerker zelf is."),
    basis=Basis.TASK,
    until=WHILE_ACCOUNT,
    whose=("person_id",),
    erasure=Erasure.REMOVED,
    secrets=("sealed", "begun_in"),
)
RECOVERY_CODE = Kept(
    what=N_("Herstelcodes van medewerkers, onleesbaar gemaakt"),
    purpose=N_("Inloggen als de telefoon kwijt is."),
    basis=Basis.TASK,
    until=WHILE_ACCOUNT,
    whose=("person_id",),
    erasure=Erasure.REMOVED,
    secrets=("hash",),
)
SECOND_FACTOR_RESET = Kept(
    what=N_("Dat een medewerker opnieuw moest beginnen met extra inloggen, en waarom"),
    purpose=N_("Achteraf kunnen zien of dat terecht was."),
    basis=Basis.TASK,
    until=N_("zolang deze website bestaat"),
    whose=("person_id",),
    by=("by_id",),
    erasure=Erasure.UNNAMED,
    ours=("reason",),
)
