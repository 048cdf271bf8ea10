"""The HTTP edge of themes: for everybody, and the secretary's workbench."""

from litestar import Controller

from themes.routes.public import Themes
from themes.routes.staff import Workbench

THEMES: list[type[Controller]] = [Themes, Workbench]
