"""Every table of the house in one place, for migrations and tests."""

from accounts import models as accounts
from consultations import models as consultations
from kernel import events, idempotency, tokens
from kernel.db import Base
from moderation import models as moderation
from notify import models as notify
from panels import models as panels
from themes import models as themes

ROOMS = (events, idempotency, tokens, accounts, consultations, themes, moderation, panels, notify)
"""The modules that hold tables; importing them enters the tables into METADATA."""

METADATA = Base.metadata
