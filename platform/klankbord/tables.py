"""Every table of the house in one place, for migrations and tests."""

from collections.abc import Mapping
from typing import Any

from accounts import models as accounts
from consultations import merge_models, round_models, signal_models, support_models, ways_models, writing_models
from consultations import models as consultations
from consultations.states import CONSULTATION_MOVES, IDEA_MOVES, QUARANTINE_MOVES, ROUTE_MOVES
from conversations import models as conversations
from kernel import allowances, events, idempotency, moves, tokens, trace
from kernel.db import Base
from moderation import answer_models, masking_models
from moderation import models as moderation
from moderation.states import APPEAL_MOVES, REPORT_MOVES
from notify import models as notify
from notify.states import MESSAGE_MOVES, OCCURRENCE_MOVES
from panels import models as panels
from panels import report_models
from panels.states import ITEM_MOVES, MEETING_MOVES, PANEL_MOVES, RECOMMENDATION_MOVES, RESPONSE_MOVES
from themes import models as themes
from themes.states import THEME_MOVES

ROOMS = (
    *(events, idempotency, tokens, allowances, trace, moves, accounts),
    *(consultations, support_models, round_models, ways_models, writing_models),
    *(merge_models, signal_models),
    *(themes, conversations, moderation, masking_models, answer_models),
    *(panels, report_models, notify),
)
"""The modules that hold tables; importing them enters the tables into METADATA."""

METADATA = Base.metadata

MACHINES: dict[str, Mapping[Any, frozenset[Any]]] = {
    "panel.state": PANEL_MOVES,
    "consultation.state": CONSULTATION_MOVES,
    "idea.state": IDEA_MOVES,
    "idea.route": ROUTE_MOVES,
    "quarantine.state": QUARANTINE_MOVES,
    "theme.state": THEME_MOVES,
    "meeting.state": MEETING_MOVES,
    "agenda_item.state": ITEM_MOVES,
    "recommendation.state": RECOMMENDATION_MOVES,
    "response.state": RESPONSE_MOVES,
    "report.state": REPORT_MOVES,
    "page_report.state": REPORT_MOVES,
    "appeal.state": APPEAL_MOVES,
    "answer_appeal.state": APPEAL_MOVES,
    "block_appeal.state": APPEAL_MOVES,
    "message.state": MESSAGE_MOVES,
    "occurrence.state": OCCURRENCE_MOVES,
}
"""Every machine by its table and column, with the steps it may take. The database holds the same in `state_step`."""
