"""The HTTP edge of other ways in."""

from litestar.types import ControllerRouterHandler

from klankbord.on_behalf.desk import OnBehalf
from klankbord.on_behalf.finding import Finding
from klankbord.on_behalf.sheets import Sheets
from klankbord.on_behalf.ways import WaysWork

ON_BEHALF: list[ControllerRouterHandler] = [OnBehalf, Sheets, Finding, WaysWork]
