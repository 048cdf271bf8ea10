"""What a consultation offers beside typing on the site. It can be changed as long as people can take part."""

from dataclasses import asdict, dataclass
from datetime import datetime

from consultations import ways_queries
from consultations.models import Consultation
from consultations.ways_events import ConsultationWaysChanged
from consultations.ways_models import WaysIn
from kernel.db import WriteSession
from kernel.events import record


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Where people go who are not online, what may come with an idea, and whether people add to each other's."""

    offline_help: str = ""
    takes_files: bool = False
    has_map: bool = False
    takes_comments: bool = False


async def choose(tx: WriteSession, *, consultation: Consultation, ways: Ways, actor_id: int, now: datetime) -> WaysIn:
    """Put this in place of what was chosen before."""
    row = await ways_queries.ways_of(tx, consultation.id) or WaysIn(consultation_id=consultation.id)
    for name, value in asdict(ways).items():
        setattr(row, name, value)
    row.changed_at, row.changed_by_id = now, actor_id
    tx.add(row)
    await tx.flush()
    await record(tx, ConsultationWaysChanged(at=now, actor_id=actor_id, consultation_id=consultation.id))
    return row
