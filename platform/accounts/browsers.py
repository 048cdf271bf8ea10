"""Which browser this roughly is: as much as somebody needs to know their own sessions apart, and no more. Pure."""

from enum import StrEnum


class Browser(StrEnum):
    """A family of browsers. Nothing else of what a browser says of itself is kept."""

    FIREFOX = "firefox"
    EDGE = "edge"
    SAMSUNG = "samsung"
    CHROME = "chrome"
    SAFARI = "safari"
    OTHER = "other"


_SIGNS = (
    (Browser.FIREFOX, ("Firefox/", "FxiOS/")),
    (Browser.EDGE, ("Edg/", "EdgA/", "EdgiOS/")),
    (Browser.SAMSUNG, ("SamsungBrowser/",)),
    (Browser.OTHER, ("OPR/", "Vivaldi/", "YaBrowser/")),  # these call themselves Chrome as well
    (Browser.CHROME, ("Chrome/", "CriOS/", "Chromium/")),  # and that calls itself Safari
    (Browser.SAFARI, ("Safari/",)),
)
_PHONES = ("Mobile", "Android", "iPhone", "iPad")


def family_of(user_agent: str) -> Browser:
    """The family that a browser says it belongs to."""
    return next((family for family, signs in _SIGNS if any(sign in user_agent for sign in signs)), Browser.OTHER)


def is_handheld(user_agent: str) -> bool:
    """Whether it says that it runs on a telephone or tablet."""
    return any(sign in user_agent for sign in _PHONES)
