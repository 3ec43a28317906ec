"""Template messages: name, language, and parameters that fit the definition."""

import re
from collections.abc import Callable
from typing import Any

from tests.simulators.common.limits import utf16_length
from tests.simulators.whatsapp.checks.node import Node
from tests.simulators.whatsapp.errors import VendorError
from tests.simulators.whatsapp.templates import BODY, PLACEHOLDER, Template
from tests.simulators.whatsapp.view import Choice, Seen

Find = Callable[[str, str], Template | None]
WHITE = re.compile(r"[\n\t]| {5,}")
PAYLOAD = 256
MEDIA = ("image", "video", "document")


def check_template(node: Node, find: Find) -> tuple[Template, Seen]:
    """The template and what the customer sees of it. Raises VendorError for what Meta refuses."""
    node.only("name", "language", "components")
    name = node.text("name", 512)
    language = node.child("language")
    language.only("code", "policy")
    code = language.text("code")
    if "policy" in language.value:
        language.one_of("policy", "deterministic")
    template = find(name, code)
    if template is None or template.document["status"] in {"PENDING", "REJECTED"}:
        raise VendorError(132001, f"template name ({name}) does not exist in {code}")
    if template.document["status"] == "PAUSED":
        raise VendorError(132015, f"template ({name}) is paused due to low quality")
    if template.document["status"] == "DISABLED":
        raise VendorError(132016, f"template ({name}) is disabled")
    return template, _Filling(template, node).seen()


class _Filling:
    """Fills a definition with what was sent."""

    def __init__(self, template: Template, node: Node) -> None:
        self._template = template
        self._named = str(template.document["parameter_format"]).upper() == "NAMED"
        self._parts: dict[str, Node] = {}
        for part in node.each("components", required=False):
            kind = part.text("type").lower()
            if kind not in {"header", "body", "button"}:
                raise VendorError(
                    100, f'Param {part.place("type")} must be one of {{HEADER, BODY, BUTTON}} - got "{kind}".'
                )
            part.only("type", "parameters", *(("sub_type", "index") if kind == "button" else ()))
            key = f"button{part.need('index')}" if kind == "button" else kind
            if key in self._parts:
                raise VendorError(131009, f"Param {part.path} repeats a component.")
            self._parts[key] = part

    def seen(self) -> Seen:
        """What the customer sees."""
        text = self._text("body", str((self._template.component("BODY") or {}).get("text", "")))
        if utf16_length(text) > BODY:
            raise VendorError(132005, f"body: translated text is longer than {BODY} characters")
        header, media, kind = self._header()
        footer = str((self._template.component("FOOTER") or {}).get("text", ""))
        seen = Seen(text=text, header=header, footer=footer, media=media, media_kind=kind)
        seen = self._buttons(seen)
        if self._parts:
            raise VendorError(132000, f"{min(self._parts)}: the template has no such component with parameters")
        return seen

    def _text(self, kind: str, wording: str) -> str:
        names = list(dict.fromkeys(PLACEHOLDER.findall(wording)))
        part = self._parts.pop(kind, None)
        given = list(part.each("parameters", required=False)) if part else []
        if len(given) != len(names):
            raise VendorError(
                132000,
                f"{kind}: number of localizable_params ({len(given)}) does not match "
                f"the expected number of params ({len(names)})",
            )
        values = dict(self._value(item, index) for index, item in enumerate(given))
        if missing := sorted(set(names) - set(values)):
            raise VendorError(132012, f"{kind}: parameter {missing[0]} is missing")
        return PLACEHOLDER.sub(lambda found: values[found[1]], wording)

    def _value(self, item: Node, index: int) -> tuple[str, str]:
        item.only("type", item.text("type"), *(("parameter_name",) if self._named else ()))
        kind = item.one_of("type", "text", "currency", "date_time")
        name = item.text("parameter_name") if self._named else str(index + 1)
        if kind != "text":
            return name, item.child(kind).text("fallback_value")
        text = item.text("text", BODY)
        if WHITE.search(text):
            raise VendorError(
                132012, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
            )
        return name, text

    def _header(self) -> tuple[str, str, str]:
        header = self._template.component("HEADER")
        if header is None:
            return "", "", ""
        form = str(header.get("format", "TEXT")).lower()
        if form == "text":
            return self._text("header", str(header["text"])), "", ""
        part = self._parts.pop("header", None)
        given = list(part.each("parameters")) if part else []
        if len(given) != 1:
            raise VendorError(132012, f"header: Format mismatch, expected {form.upper()}, received UNKNOWN")
        if given[0].text("type").lower() != form or form not in MEDIA:
            raise VendorError(
                132012, f"header: Format mismatch, expected {form.upper()}, received {given[0].text('type').upper()}"
            )
        media = given[0].child(form)
        media.only("id", "link", "filename")
        return "", media.text("id") if "id" in media.value else media.url("link"), form

    def _buttons(self, seen: Seen) -> Seen:
        component: dict[str, Any] = self._template.component("BUTTONS") or {"buttons": []}
        choices = []
        for index, button in enumerate(component["buttons"]):
            kind = str(button["type"]).upper()
            part = self._parts.pop(f"button{index}", None)
            if kind == "URL":
                seen = seen.having(link_title=str(button["text"]), link=_address(button, part, index))
            elif kind == "QUICK_REPLY":
                choices.append(Choice(_payload(button, part), str(button["text"])))
        return seen.having(buttons=tuple(choices))


def _payload(button: dict[str, Any], part: Node | None) -> str:
    if part is None:
        return str(button["text"])
    part.one_of("sub_type", "quick_reply")
    given = list(part.each("parameters"))
    if len(given) != 1:
        raise VendorError(131008, f"Param {part.place('parameters')} must have one element.")
    given[0].only("type", "payload")
    given[0].one_of("type", "payload")
    return given[0].text("payload", PAYLOAD)


def _address(button: dict[str, Any], part: Node | None, index: int) -> str:
    wanted = len(PLACEHOLDER.findall(str(button["url"])))
    given = list(part.each("parameters")) if part else []
    if part is not None:
        part.one_of("sub_type", "url")
    if wanted and not given:
        raise VendorError(131008, f"buttons: Button at index {index} of type Url requires a parameter")
    if len(given) != wanted:
        raise VendorError(132000, f"buttons: Button at index {index} of type Url takes {wanted} parameters")
    if not wanted:
        return str(button["url"])
    given[0].only("type", "text")
    return PLACEHOLDER.sub(given[0].text("text", 2000).replace("\\", ""), str(button["url"]))
