"""A meeting for somebody's calendar: the same UID for ever, a higher SEQUENCE at every change."""

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vText

from kernel.i18n import gettext as _
from panels import rules
from panels.models import Meeting
from panels.states import MeetingState


class ExactText(vText):
    """A text as it is: the library takes a backslash with an N after it for a line end."""

    def to_ical(self) -> bytes:
        """By the letter of RFC 5545."""
        text = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\r\n", "\\n").replace("\n", "\\n").encode()


def ics(meeting: Meeting, *, host: str, url: str, now: datetime, zone: ZoneInfo = rules.DUTCH_TIME) -> bytes:
    """The meeting as an iCalendar file with the rules of its time zone in it; a cancelled one says so."""
    calendar = Calendar()
    calendar.add("prodid", "-//Klankbord//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{host}")
    event.add("sequence", meeting.version - 1)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", rules.ends_at(meeting).astimezone(zone))
    event.add("summary", ExactText(f"{meeting.panel.name}: {meeting.title}"), encode=False)
    event.add("location", ExactText(meeting.place), encode=False)
    event.add("description", _("Agenda en verslag: %(url)s") % {"url": url})
    event.add("url", url)
    event.add("status", "CANCELLED" if meeting.state is MeetingState.CANCELLED else "CONFIRMED")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
