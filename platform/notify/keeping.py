"""Why the tables of notify are there, and until when: `__kept__` of each."""

from datetime import timedelta

from accounts.keeping import WHILE_ACCOUNT
from kernel.i18n import N_
from kernel.keeping import After, Basis, Erasure, Kept

_HEAR = N_("U laten weten wat u wilt volgen, niet vaker dan u wilt.")

MESSAGE = Kept(
    what=N_("Welke brieven wij u stuurden, en wanneer (niet wat erin stond)"),
    purpose=N_("Elke brief één keer sturen, en merken dat hij niet aankomt."),
    basis=Basis.TASK,
    until=WHILE_ACCOUNT,
    whose=("person_id",),
    erasure=Erasure.REMOVED,
    words=("last_error",),
    ours=("dedup_key", "message_id", "template", "facts"),
)
SUBSCRIPTION = Kept(
    what=N_("Wat u volgt, en hoe vaak"),
    purpose=_HEAR,
    basis=Basis.CONSENT,
    until=N_("tot u stopt met volgen"),
    whose=("person_id",),
    erasure=Erasure.REMOVED,
)
DIGEST = Kept(
    what=N_("Nieuws dat wij voor u bij elkaar zetten"),
    purpose=_HEAR,
    basis=Basis.CONSENT,
    until=WHILE_ACCOUNT,
    whose=("person_id",),
    erasure=Erasure.REMOVED,
    words=("news",),
    ours=("period",),
    quotes={"news": "idea_id"},
)
OCCURRENCE = Kept(
    what=N_("Wanneer er weer nieuws voor u klaar moet staan"),
    purpose=_HEAR,
    basis=Basis.CONSENT,
    until=WHILE_ACCOUNT,
    whose=("subject:",),
    erasure=Erasure.REMOVED,
    ours=("kind", "subject", "local_slot"),
)
SPENT_TICKET = Kept(
    what=N_("Toegangskaartjes voor nieuws op het scherm, al gebruikt"),
    purpose=N_("Zorgen dat niemand met uw kaartje meekijkt."),
    basis=Basis.NOBODY,
    until=N_("vijf minuten"),
    after=After(column="expires_at", span=timedelta(minutes=5), has_own_job=True),
    secrets=("nonce",),
)
