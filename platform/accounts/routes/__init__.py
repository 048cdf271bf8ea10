"""The public edge of this room: signing in and out, one's own account, and the way back to an old address."""

from litestar import Controller

from accounts.routes.account import Account
from accounts.routes.addresses import NewAddress, NotMe
from accounts.routes.signing_in import SignIn

ACCOUNTS: list[type[Controller]] = [SignIn, Account, NewAddress, NotMe]
