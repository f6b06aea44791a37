"""Reading the body of a plain HTML form."""

from urllib.parse import parse_qsl

from fastapi import Request

from bot.web.errors import ApiError

_MOST_FIELDS = 60


async def form_pairs(request: Request) -> list[tuple[str, str]]:
    """The fields of a form in their order, each as often as it was sent; a 422 where the body is no form."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise ApiError(422, "malformed", "web.error.malformed")
    try:
        body = (await request.body()).decode()
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
        # No keyboard makes this sign, and PostgreSQL can't hold it.
        if any("\0" in text for _, text in pairs):
            raise ValueError
        return pairs
    except ValueError:
        raise ApiError(422, "malformed", "web.error.malformed") from None


async def form_fields(request: Request) -> dict[str, str]:
    """The fields of a form, the last value of each; the family gets a 422 where the body is no form."""
    return dict(await form_pairs(request))
