"""The page that a family shared with her doctor: a passcode opens it.

Unknown, expired, ended, locked and wrong get one answer, after the same time. The link stands in the path, so
the path is never logged; the passcode stands in the body. Nothing is remembered of who opened it.
"""

import logging

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.leads.doctor.links import open_page
from bot.leads.doctor.passcodes import link_hash
from bot.leads.doctor.sheet import Sheet
from bot.web.again import STORE_ERRORS
from bot.web.errors import ApiError
from bot.web.evenly import in_even_time
from bot.web.forms import form_fields
from bot.web.limits import RateLimit, WrongTries, limited_address
from bot.web.pages import page

log = logging.getLogger(__name__)
router = APIRouter(prefix="/doctor", include_in_schema=False)


class DoctorPages:
    """What the page keeps between requests: its limits.

    ``answer_after`` is how many seconds every answer to a passcode takes, whatever it is.
    """

    def __init__(self, answer_after: float = 0.7) -> None:
        self.answer_after = answer_after
        self.by_address = RateLimit(20)
        self.by_link = RateLimit(10)
        self.wrong_tries = WrongTries()


@router.get("/{link}")
async def ask(request: Request, link: str) -> HTMLResponse:
    """Ask for the passcode; whether there is such a link is not even looked at."""
    return page(request, "doctor_enter.html", wrong=False)


@router.post("/{link}")
async def enter(request: Request, link: str) -> HTMLResponse:
    """Show the page for the right passcode."""
    state: DoctorPages = request.app.state.doctor_page
    host = request.client.host if request.client else ""
    address = limited_address(host)
    if address is not None:
        state.by_address.take(address)
    # The limits lie in memory, and a link does not lie there as it is.
    name = link_hash(link)
    state.by_link.take(name)
    passcode = (await form_fields(request)).get("passcode", "")
    waits = state.wrong_tries.must_wait(name, address or host)

    def look() -> Sheet | None:
        # Who has to wait is told the same, after the same work, and her try does not count.
        return open_page("" if waits else link, passcode)

    try:
        sheet = await in_even_time(look, state.answer_after)
    except STORE_ERRORS as error:
        log.error("a doctor's page could not be opened: %s", type(error).__name__)
        raise ApiError(503, "unavailable", "doctor.enter.error", {"Retry-After": "60"}) from None
    if sheet is None:
        if not waits:
            state.wrong_tries.wrong(name, address or host)
        return page(request, "doctor_enter.html", status=403, wrong=True)
    state.wrong_tries.right(name, address or host)
    return page(request, "doctor_page.html", sheet=sheet)
