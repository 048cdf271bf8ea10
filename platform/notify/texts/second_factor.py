"""What somebody reads when something happened to their second factor, and what to do if it was not them."""

from accounts.models import SecondFactorReset
from kernel.i18n import gettext as _
from kernel.i18n import ngettext
from notify.drafts import Draft, Words


async def second_factor(draft: Draft) -> Words | None:
    """What happened, in its own words."""
    title, told = await _told(draft)
    return {"title": title, "told": told, "link": draft.link("/account/second-factor")}


async def _told(draft: Draft) -> tuple[str, list[str]]:
    facts = draft.message.facts
    match facts["what"]:
        case "second_factor_set_up" if facts["is_another"]:
            return _("Uw tweede stap is vervangen"), [
                _("U gebruikt nu een andere telefoon om u aan te melden. De oude geldt niet meer."),
            ]
        case "second_factor_set_up":
            return _("Uw tweede stap is ingesteld"), [
                _("U meldt u voortaan aan met uw e-mail en met een code van uw telefoon."),
            ]
        case "second_factor_removed":
            return _("U hebt uw tweede stap weggehaald"), [_("U meldt u voortaan alleen met uw e-mail aan.")]
        case "recovery_codes_made":
            return _("U hebt nieuwe herstelcodes"), [_("De herstelcodes van eerder werken niet meer.")]
        case "recovery_code_used":
            left = ngettext("U hebt nog %(num)s herstelcode.", "U hebt nog %(num)s herstelcodes.", facts["left"])
            return _("Er is een herstelcode gebruikt"), [
                _("Iemand gebruikte een van uw herstelcodes in plaats van uw telefoon."),
                left % {"num": facts["left"]},
            ]
        case "second_factor_reset":
            reset = await draft.tx.get_one(SecondFactorReset, facts["reset_id"])
            return _("Een beheerder haalde uw tweede stap weg"), [
                _("U bent overal afgemeld. Bij uw volgende aanmelding stelt u een nieuwe tweede stap in."),
                _("De reden die de beheerder gaf: %(reason)s") % {"reason": reset.reason},
            ]
    return _("Iemand probeerde zich aan te melden als u"), [
        _("Er is vijf keer een verkeerde code gegeven, nadat de link uit een e-mail aan u was gebruikt."),
        _("De verkeerde codes hielpen niet. Een kwartier lang telt geen enkele code."),
    ]
