"""The HTTP edge of this room: what everybody reads, an author's receipt, and the work behind the counter."""

from litestar.types import ControllerRouterHandler

from panels.routes.agendas import AgendaWork
from panels.routes.minutes import MinutesWork
from panels.routes.public import Advice, Briefings, Panels
from panels.routes.receipts import Receipts
from panels.routes.responses import ResponseWork
from panels.routes.staff import DeskWork

PANELS: list[ControllerRouterHandler] = [
    Panels,
    Advice,
    Briefings,
    Receipts,
    DeskWork,
    AgendaWork,
    MinutesWork,
    ResponseWork,
]
