"""The HTTP edge of setting up: panels and people for the operator, consultations for the secretary."""

from litestar.types import ControllerRouterHandler

from klankbord.set_up.routes.changes import ConsultationChanges
from klankbord.set_up.routes.consultations import ConsultationWork
from klankbord.set_up.routes.members import Members
from klankbord.set_up.routes.panels import SetUp
from klankbord.set_up.routes.second_factors import SecondFactors
from klankbord.set_up.routes.sign_ins import SignIns

SET_UP: list[ControllerRouterHandler] = [SetUp, SecondFactors, SignIns, Members, ConsultationWork, ConsultationChanges]
