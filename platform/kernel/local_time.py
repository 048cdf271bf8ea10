"""Instants as people read them: in the municipality's zone, written out, in the reader's language."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from kernel.i18n import gettext, language, ngettext


def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """The hour, as `12.00 uur`."""
    local = instant.astimezone(zone)
    return gettext("%(hour)s.%(minute)s uur") % {
        "hour": f"{local:%H}".lstrip("0") or "0",
        "minute": f"{local:%M}",
    }


def day(instant: datetime, zone: ZoneInfo) -> str:
    """The date with its weekday, as `vrijdag 4 december 2026`."""
    return format_date(instant.astimezone(zone).date(), "EEEE d MMMM y", locale=language())


def short_day(instant: datetime, zone: ZoneInfo) -> str:
    """The date in short, as `4 dec. 2026`."""
    return format_date(instant.astimezone(zone).date(), "d MMM y", locale=language())


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """The whole of it, as `vrijdag 4 december 2026, 12.00 uur, Nederlandse tijd`."""
    place = gettext("Nederlandse tijd") if zone.key == "Europe/Amsterdam" else zone.key
    return f"{day(instant, zone)}, {clock_time(instant, zone)}, {place}"


def time_left(until: datetime, now: datetime) -> str:
    """How long it still takes, in the largest fitting unit: `nog 9 dagen`, `nog 3 uur`, `nog 12 minuten`."""
    left = until - now
    if left >= timedelta(days=2):
        return ngettext("nog %(num)s dag", "nog %(num)s dagen", left.days) % {"num": left.days}
    hours = int(left.total_seconds() // 3600)
    if hours >= 2:
        return ngettext("nog %(num)s uur", "nog %(num)s uur", hours) % {"num": hours}
    minutes = max(0, int(left.total_seconds() // 60))
    return ngettext("nog %(num)s minuut", "nog %(num)s minuten", minutes) % {"num": minutes}
