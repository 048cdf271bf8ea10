"""Names that only somebody with a task may go by: a resident who calls themselves Moderator is taken for one."""

from kernel.look_alikes import skeleton

_OFFICIAL = (
    "moderator moderatoren moderatie moderation secretaris secretariaat secretary secretariat voorzitter chairman "
    "chairwoman chairperson gemeente gemeenteraad gemeentebestuur municipality wethouder burgemeester mayor alderman "
    "griffier griffie raadsgriffier raadslid ambtenaar beheerder systeembeheerder administrator admin webmaster "
    "redactie helpdesk klankbord burgerpanel opdrachtgever commissioner auditor operator provincie rijksoverheid "
    "college"
)
_WORDS = frozenset(skeleton(word) for word in _OFFICIAL.split())
_SURNAMES = frozenset(map(skeleton, ("burgemeester", "wethouder", "college", "voorzitter", "griffier", "mayor")))
"""These are families' names as well, and then they come last: Jan Burgemeester."""
_LONG = frozenset(word for word in _WORDS - _SURNAMES if len(word) >= 8)


def sounds_official(name: str) -> bool:
    """Whether readers could take somebody of this name for staff, however it is spelled or spaced."""
    words = skeleton(name).split()
    together = "".join(words)
    first = words[:1]
    return (
        any(word in _WORDS - _SURNAMES for word in words)
        or any(word in _SURNAMES for word in first)
        or together in _WORDS
        or any(word in together for word in _LONG)
    )
