"""Services that the operator plugs in, by the name of a function in a Python module."""

from importlib import import_module

from consultations.translating import Translate
from kernel.settings import SettingsError


def translator_from(setting: str) -> Translate | None:
    """The function behind `module:name`; None without a setting. Raises SettingsError when it is not there."""
    if not setting:
        return None
    module, _, name = setting.partition(":")
    try:
        found: Translate = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise SettingsError([f"KLANKBORD_TRANSLATE {setting!r} cannot be used: {error}."]) from error
    return found
