"""Why the tables of panels are there, and until when: `__kept__` of each."""

from kernel.i18n import N_
from kernel.keeping import Basis, Erasure, Kept, of_nobody

PUBLIC = N_("zolang het panel te lezen is; ook daarna blijft het in het archief van de gemeente")
_OPEN = N_("Iedereen laten lezen wat het panel doet en wat er met adviezen gebeurt.")

PANEL = of_nobody(
    N_("Het panel: opdracht, werkwijze en contactpersoon"),
    _OPEN,
    PUBLIC,
    *("slug", "name", "aim", "tasks", "term", "meeting_cycle", "reporting", "confidentiality"),
    *("contact_name", "contact_email"),
)
AGREEMENT = of_nobody(
    N_("De afspraken met het panel"),
    _OPEN,
    PUBLIC,
    *("partner", "size", "duration", "set_up", "funding", "how_treated", "council_role", "draw_method", "draw_seed"),
)
SEAT = Kept(
    what=N_("Wie in het panel zit of zat"),
    purpose=_OPEN,
    basis=Basis.TASK,
    until=PUBLIC,
    whose=("person_id",),
    erasure=Erasure.UNNAMED,
    ours=("organisation",),
)
MEETING = of_nobody(
    N_("Bijeenkomsten van het panel"),
    _OPEN,
    PUBLIC,
    *("title", "place", "minutes_intro", "minutes_intro_html", "reason"),
)
AGENDA_ITEM = of_nobody(
    N_("Agenda's en verslagen"),
    _OPEN,
    PUBLIC,
    *("title", "question", "presenter", "reason", "what_was_said", "advice", "follow_up"),
)
AGENDA_IDEA = Kept(
    what=N_("Bij welk agendapunt uw idee hoort"),
    purpose=N_("U laten zien wanneer het panel over uw idee sprak, en met welke uitkomst."),
    basis=Basis.TASK,
    until=PUBLIC,
    whose=("idea_id",),
    erasure=Erasure.UNNAMED,
    ours=("own_reason",),
)
RECOMMENDATION = of_nobody(N_("Adviezen van het panel"), _OPEN, PUBLIC, "title", "text")
RESPONSE = of_nobody(N_("Antwoorden op adviezen"), _OPEN, PUBLIC, *("reasons", "owner"), by=("answered_by_id",))
PROGRESS_REPORT = of_nobody(N_("Wat er met een advies is gedaan"), _OPEN, PUBLIC, "text", by=("reported_by_id",))
BRIEFING = Kept(
    what=N_("Wat leden van het panel voor een bijeenkomst lezen; daarin kan de titel van uw idee staan"),
    purpose=N_("Leden voorbereiden op een bijeenkomst."),
    basis=Basis.TASK,
    until=PUBLIC,
    ours=("facts",),
    quotes={"facts": "idea_id"},
)
