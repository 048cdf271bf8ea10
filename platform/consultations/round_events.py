"""Facts that the clock brings in a consultation, besides opening and closing."""

from typing import ClassVar

from consultations.events import ConsultationEvent


class ConsultationClosingSoon(ConsultationEvent):
    """Its last days began; once for each close, so again after an extension."""

    name: ClassVar[str] = "consultation.closing_soon"


class ConsultationSupportOpened(ConsultationEvent):
    """Its phase of supporting ideas began, dated at the instant."""

    name: ClassVar[str] = "consultation.support_opened"


class ConsultationTalkOpened(ConsultationEvent):
    """Its phase of talking about ideas began, dated at the instant."""

    name: ClassVar[str] = "consultation.talk_opened"
