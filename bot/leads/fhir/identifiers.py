"""Identifiers that follow from a lead's reference alone, so that they are the same at every try."""

from typing import Any
from uuid import UUID, uuid5

from bot.texts import load_texts

Resource = dict[str, Any]

# Made once by chance. It must never change: every identifier at every site rests on it.
_NAMESPACE = UUID("db3952e9-1fe4-45d8-8cad-544516f8363b")
_URI = "urn:ietf:rfc:3986"


def urn(reference: str, part: str) -> str:
    """The address of a part of the lead, such as its Patient."""
    return f"urn:uuid:{uuid5(_NAMESPACE, f'{reference}/{part}')}"


def search(reference: str, part: str) -> str:
    """The search that finds a part of the lead at a FHIR server."""
    return f"identifier={_URI}|{urn(reference, part)}"


def identifier(reference: str, part: str) -> Resource:
    """The constant identifier of a part of the lead."""
    return {"system": _URI, "value": urn(reference, part)}


def with_reference(reference: str, part: str) -> list[Resource]:
    """For machines the constant one, for people the reference that the family has too."""
    label = load_texts("en").say("staff.column.reference")
    spoken = {"use": "secondary", "type": {"text": label}, "value": reference}
    return [identifier(reference, part), spoken]
