"""What is read beforehand can become more while people write, never less; everybody can read since when."""

from collections.abc import Callable
from itertools import product

import pytest

from accounts.states import Role
from consultations import policies
from consultations.models import Consultation
from consultations.policies import STRICTER
from consultations.states import ConsultationState, Policy
from kernel.db import Database, WriteSession
from kernel.errors import IllegalMove
from tests.builders import a_consultation, a_panel, a_person
from tests.moments import NOON
from tests.panels.staff import signed_in
from tests.visitor import Visitor

ORDER = [Policy.PUBLISH_AT_ONCE, Policy.HOLD_FLAGGED, Policy.HOLD_ALL]


@pytest.mark.parametrize(("old", "new"), list(product(Policy, Policy)))
async def test_it_only_gets_stricter(tx: WriteSession, old: Policy, new: Policy) -> None:
    consultation = await a_consultation(tx, policy=old)
    by = (await a_person(tx)).id
    if ORDER.index(new) > ORDER.index(old):
        await policies.tighten(tx, consultation=consultation, policy=new, actor_id=by, now=NOON)
        assert (consultation.policy, await policies.tightened(tx, consultation.id)) == (new, [(NOON, new)])
        return
    with pytest.raises(policies.OnlyStricter):
        await policies.tighten(tx, consultation=consultation, policy=new, actor_id=by, now=NOON)
    assert (consultation.policy, new in STRICTER[old]) == (old, False)


async def test_a_draft_is_changed_in_its_own_form_and_what_is_over_not_at_all(tx: WriteSession) -> None:
    by = (await a_person(tx)).id
    for state in (ConsultationState.DRAFT, ConsultationState.CANCELLED):
        consultation = await a_consultation(tx, policy=Policy.PUBLISH_AT_ONCE, state=state)
        with pytest.raises(IllegalMove):
            await policies.tighten(tx, consultation=consultation, policy=Policy.HOLD_ALL, actor_id=by, now=NOON)
        assert policies.stricter_for(consultation) == ()


async def test_the_secretary_chooses_and_everybody_reads_since_when(
    database: Database, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        consultation = await a_consultation(tx, panel=panel, policy=Policy.PUBLISH_AT_ONCE)
    desk = another()
    await signed_in(desk, database, Role.SECRETARY, panel)
    change = f"/desk/consultations/{consultation.id}/change"
    await desk.open(change)
    await desk.press("Word strenger")
    assert (desk.status, "Kies een strengere manier." in desk.text) == (422, True)
    await desk.press("Word strenger", policy="hold_all")
    assert desk.status == 200
    await desk.open(change)
    assert ("Strenger kan niet" in desk.text, "Word strenger" in desk.text) == (True, False)

    await visitor.open(f"/consultations/{consultation.slug}/moderation")
    assert "Strenger sinds" in visitor.text
    assert "Een moderator leest elke inzending voordat zij op de site komt." in visitor.text
    async with database.read() as db:
        assert (await db.get_one(Consultation, consultation.id)).policy is Policy.HOLD_ALL
