"""Codes that change with time (RFC 6238): 30 seconds a step, 6 digits, SHA-1, as apps know them. Pure."""

import hmac
from datetime import datetime

import pyotp

STEP = 30
DIGITS = 6
BESIDE = 1
"""Steps before and after the present one whose code counts too: clocks differ, and typing takes time."""


def new_secret() -> str:
    """160 random bits, in base32 as apps want it."""
    return pyotp.random_base32()


def step_at(now: datetime) -> int:
    """The number of the step that this instant lies in."""
    return int(now.timestamp()) // STEP


def code_at(secret: str, step: int) -> str:
    """The code that the app shows during this step."""
    return pyotp.HOTP(secret, digits=DIGITS).at(step)


def step_of(code: str, *, secret: str, after: int, now: datetime) -> int | None:
    """The step that a code belongs to, when it counts now; only steps later than `after`: each code counts once."""
    here = step_at(now)
    fitting = [
        step
        for step in range(here - BESIDE, here + BESIDE + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after
    ]
    return max(fitting, default=None)


def address(secret: str, *, account: str, issuer: str) -> str:
    """The otpauth address that a QR code holds."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP).provisioning_uri(name=account, issuer_name=issuer)


def in_groups(secret: str) -> str:
    """The secret as people copy it: in groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
