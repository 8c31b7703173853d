"""From the YAML files of a directory to a checked configuration document."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import phonenumbers
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hikeshi.adapters.configuration_document import (
    MAX_LEXICON,
    ConfigurationDocument,
    LexiconFileModel,
    SettingsModel,
    WatchesModel,
)
from hikeshi.adapters.escalation_document import EscalationModel
from hikeshi.adapters.playbooks_document import PlaybooksModel
from hikeshi.adapters.roster_document import RosterModel
from hikeshi.domain.errors import ConfigError
from infra.configuring.documents import Document, Loc, read_document
from infra.configuring.manual import read_manual
from infra.configuring.phones import Refusal, for_texts, to_e164
from infra.configuring.problems import Problem
from infra.lexicon.files import FOLDER, path_of, read_file

SECTIONS: dict[str, type[BaseModel]] = {
    "watches": WatchesModel,
    "roster": RosterModel,
    "escalation": EscalationModel,
    "playbooks": PlaybooksModel,
    "settings": SettingsModel,
}

_KINDS = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "enum": "one_of",
    "too_short": "empty",
    "string_too_short": "empty",
    "too_long": "too_long",
    "string_too_long": "too_long",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "value_error": "duration",
    "float_parsing": "not_number",
    "float_type": "not_number",
    "finite_number": "not_number",
    "int_parsing": "not_whole",
    "int_type": "not_whole",
    "int_from_float": "not_whole",
    "string_type": "not_text",
    "bool_parsing": "not_true_or_false",
    "bool_type": "not_true_or_false",
    "list_type": "not_list",
    "tuple_type": "not_list",
    "dict_type": "not_fields",
    "model_type": "not_fields",
    "model_attributes_type": "not_fields",
}
_RULES = {"gt": "> {gt}", "ge": "≥ {ge}", "lt": "< {lt}", "le": "≤ {le}"}
_BY_PATTERN = {"id": "bad_id", "mail": "mail", "url": "url", "phone": "phone", "secret": "chat_secret"}
_BY_FIELD = {
    "urgent": "way",
    "normal": "way",
    "quiet": "quiet_hours",
    "hours": "hours",
    "since": "moment",
    "until": "moment",
    "starts": "moment",
}
"""What a value that cannot be read should have been, where it is no duration."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a directory holds: a document, unless a problem stands in its way."""

    document: ConfigurationDocument | None
    problems: tuple[Problem, ...]
    files: dict[str, Document]


def read_directory(directory: Path) -> Reading:
    """Read and validate the files of a directory; cross checks are in :mod:`infra.configuring.checks`."""
    if not directory.is_dir():
        return Reading(document=None, problems=(Problem(kind="missing_directory", file=""),), files={})
    return read_files({name: read_document(directory / f"{name}.yaml") for name in SECTIONS}, directory)


def read_files(files: dict[str, Document], directory: Path) -> Reading:
    """Validate the files of a directory, and read the words and pages that lie beside them."""
    problems = [problem for file in files.values() for problem in file.problems]
    sections: dict[str, BaseModel] = {}
    for name, model in SECTIONS.items():
        if files[name].tree is None:
            continue
        given = plain_values(files[name].tree)
        if name == "roster":
            problems += _normalise_phones(given, files[name])
        if name == "settings":
            problems += _normalise_desk(given, files[name])
        try:
            sections[name] = model.model_validate(given)
        except ValidationError as error:
            problems += problems_of(error, files[name])
    settings = sections.get("settings")
    files_of_words: tuple[LexiconFileModel, ...] = ()
    if isinstance(settings, SettingsModel):
        files_of_words, missing = _lexicon(settings, directory, files["settings"])
        problems += missing
    manual, wrong = read_manual(directory)
    problems += wrong
    complete = len(sections) == len(SECTIONS) and not problems
    document = (
        ConfigurationDocument.model_validate({**sections, "lexicon": files_of_words, "manual": manual})
        if complete
        else None
    )
    return Reading(document=document, problems=tuple(_unrepeated(problems)), files=files)


def _lexicon(
    settings: SettingsModel, directory: Path, file: Document
) -> tuple[tuple[LexiconFileModel, ...], list[Problem]]:
    """Read the files of words and rules that the settings name, once each."""
    found: dict[str, LexiconFileModel] = {}
    problems = []
    for field in ("lexicon_packs", "lexicon_entries"):
        for name in getattr(settings, field):
            try:
                read = read_file(path_of(directory, name))
            except ConfigError:
                known = sorted(path.stem for path in (directory / FOLDER).glob("*.toml"))
                problems.append(
                    file.problem("lexicon_missing", (field,), value=name, near=", ".join(known) or "—")
                )
                continue
            if len(read.text) > MAX_LEXICON:
                sizes = {"value": len(read.text), "limit": MAX_LEXICON}
                problems.append(file.problem("lexicon_too_long", (field,), **sizes))
                continue
            found[name] = LexiconFileModel(name=read.name, text=read.text)
    return tuple(found.values()), problems


def _normalise_phones(roster: Any, file: Document) -> list[Problem]:
    problems = []
    people = roster.get("people")
    for index, person in enumerate(people if isinstance(people, list) else []):
        written = person.get("phone") if isinstance(person, dict) else None
        if written is None:
            continue
        number = for_texts(str(written))
        if isinstance(number, Refusal):
            problems.append(file.problem(number, ("people", index, "phone"), value=written))
            del person["phone"]
        else:
            person["phone"] = number
    return problems


def _normalise_desk(settings: Any, file: Document) -> list[Problem]:
    """Write the number of the desk as people in Japan dial it."""
    written = settings.get("desk_phone") if isinstance(settings, dict) else None
    if written in (None, ""):
        return []
    dialled = to_e164(str(written))
    if dialled is None:
        del settings["desk_phone"]
        return [file.problem("desk_phone", ("desk_phone",), value=written)]
    number = phonenumbers.parse(dialled)
    abroad = number.country_code != phonenumbers.country_code_for_region("JP")
    formats = phonenumbers.PhoneNumberFormat
    style = formats.INTERNATIONAL if abroad else formats.NATIONAL
    settings["desk_phone"] = phonenumbers.format_number(number, style)
    return []


def plain_values(node: Any) -> Any:
    """Return a tree of YAML without what it remembers of its lines."""
    if isinstance(node, dict):
        return {key: plain_values(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain_values(value) for value in node]
    return node


def problems_of(error: ValidationError, file: Document) -> list[Problem]:
    """Say what does not fit; a list that is empty only for want of one good value is not told as well."""
    found = error.errors(include_url=False)
    inner = {tuple(each["loc"][:end]) for each in found for end in range(len(each["loc"]))}
    return [
        _problem_of(each, file)
        for each in found
        if each["type"] != "too_short" or tuple(each["loc"]) not in inner
    ]


def _problem_of(found: ErrorDetails, file: Document) -> Problem:
    loc: Loc = [part for part in found["loc"] if part != "[key]"]
    values: dict[str, object] = {"value": str(found.get("input"))[:60]}
    context = found.get("ctx") or {}
    kind = _KINDS.get(found["type"], "bad_value")
    if kind == "duration":
        kind = _BY_FIELD.get(next((part for part in reversed(loc) if isinstance(part, str)), ""), kind)
    if kind == "one_of":
        allowed = context["expected"].replace("'", "").replace(" or ", ", ")
        values["allowed"] = allowed
        if meant := get_close_matches(str(found.get("input")), allowed.split(", "), n=1):
            kind, values["near"] = "misspelt", meant[0]
    elif kind == "too_long":
        values["limit"] = context["max_length"]
    elif kind == "out_of_range":
        values["rule"] = next(text.format(**context) for key, text in _RULES.items() if key in context)
    elif kind == "bad_value":
        values["detail"] = found["msg"]
        if found["type"] == "string_pattern_mismatch":
            kind = _BY_PATTERN.get(str(loc[-1]), kind)
    return file.problem(kind, loc, **values)


def _unrepeated(problems: list[Problem]) -> list[Problem]:
    seen: dict[tuple[str, int, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.file, problem.line, problem.field), problem)
    order = [f"{name}.yaml" for name in SECTIONS]
    return sorted(seen.values(), key=lambda p: (order.index(p.file), p.line))
