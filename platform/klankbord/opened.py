"""Moved to klankbord.commands.opened."""

from klankbord.commands.opened import Opened, installation, settings_or_exit

__all__ = ["Opened", "installation", "settings_or_exit"]
