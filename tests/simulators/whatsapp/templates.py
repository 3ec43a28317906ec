"""Message templates of the business accounts: storing, listing by pages, creating, status."""

import base64
import itertools
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.simulators.whatsapp.checks.node import Node
from tests.simulators.whatsapp.config import Document
from tests.simulators.whatsapp.errors import VendorError

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
NAME = re.compile(r"^[a-z0-9_]{1,512}$")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
BODY = 1024
SHORT = 60
BUTTONS = 10
BUTTON_TEXT = 25
PAGE = 25
MOST = 250
LISTED = ("id", "name", "status", "category", "language", "components", "parameter_format", "quality_score")


@dataclass
class Template:
    """A template in one language. `document` is what the vendor lists."""

    account: str
    document: Document

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.document["name"])

    @property
    def language(self) -> str:
        """Its language code, such as pt_BR."""
        return str(self.document["language"])

    @property
    def category(self) -> str:
        """UTILITY, MARKETING or AUTHENTICATION."""
        return str(self.document["category"])

    def component(self, kind: str) -> Document | None:
        """The component of a kind (HEADER, BODY, FOOTER, BUTTONS), or None."""
        found: Document | None = next(
            (part for part in self.document["components"] if str(part["type"]).upper() == kind), None
        )
        return found


class Templates:
    """All templates of all accounts."""

    def __init__(self, given: tuple[tuple[str, Document], ...]) -> None:
        self._ids = itertools.count(1_689_556_908_129_001)
        self.all: list[Template] = [Template(account, self._completed(document)) for account, document in given]

    def find(self, account: str, name: str, language: str) -> Template | None:
        """The template of this name in exactly this language: the vendor has no fallback."""
        return next(
            (item for item in self.all if (item.account, item.name, item.language) == (account, name, language)), None
        )

    def by_id(self, template_id: str) -> Template | None:
        """The template with this id, or None."""
        return next((item for item in self.all if item.document["id"] == template_id), None)

    def create(self, account: str, body: Any) -> Template:
        """A new template under review. Raises VendorError for what Meta refuses."""
        node = Node(body, "", missing=100, bad=100)
        node.only("name", "language", "category", "components", "parameter_format", "allow_category_change")
        if not NAME.match(node.text("name")):
            raise node.unfit("name", "may only contain lowercase letters, numbers and underscores")
        node.one_of("category", *CATEGORIES)
        language = node.text("language", 15)
        if "parameter_format" in node.value:
            node.value["parameter_format"] = node.text("parameter_format").upper()
        _check_components(node)
        if self.find(account, node.text("name"), language) is not None:
            raise VendorError(
                100, "Content in this language already exists", "Invalid parameter", subcode=2388024, http=400
            )
        if len([item for item in self.all if item.account == account]) >= MOST:
            raise VendorError(100, "Message template limit exceeded", "Invalid parameter", subcode=2388019, http=400)
        made = Template(account, self._completed({**node.value, "status": "PENDING"}))
        self.all.append(made)
        return made

    def page(self, account: str, query: dict[str, str], address: str) -> Document:
        """A page of the list. `query` may hold name, language, status, category, fields, limit, after, before."""
        found = [item for item in self.all if item.account == account and _matches(item, query)]
        limit = max(1, min(1000, _whole(query.get("limit"), PAGE)))
        start = _position(query["after"]) if query.get("after") else 0
        if query.get("before"):
            start = max(0, _position(query["before"]) - limit)
        chosen = found[start : start + limit]
        names = query["fields"].split(",") if query.get("fields") else list(LISTED)
        wanted = dict.fromkeys((*names, "id"))
        shown = [{name: item.document[name] for name in wanted if name in item.document} for item in chosen]
        counted = {
            "total_count": len(found),
            "message_template_count": len(found),
            "message_template_limit": MOST,
            "are_translations_complete": True,
        }
        summary = {"summary": counted} if query.get("summary") else {}
        if not chosen:
            return {"data": [], **summary}
        cursors = {"before": _cursor(start), "after": _cursor(start + len(chosen))}
        paging: Document = {"cursors": cursors}
        kept = {name: value for name, value in query.items() if name not in {"after", "before"}}
        if start + len(chosen) < len(found):
            paging["next"] = f"{address}?{urlencode({**kept, 'limit': limit, 'after': cursors['after']})}"
        if start > 0:
            paging["previous"] = f"{address}?{urlencode({**kept, 'limit': limit, 'before': cursors['before']})}"
        return {"data": shown, "paging": paging, **summary}

    def _completed(self, document: Document) -> Document:
        rest = {"status": "APPROVED", "parameter_format": "POSITIONAL", "components": []}
        return {**rest, **document, "id": str(document.get("id") or next(self._ids))}


def _check_components(node: Node) -> None:
    kinds = []
    for part in node.each("components"):
        kind = part.text("type").upper()
        if kind not in CHECKS:
            raise part.unfit("type", "must be one of {HEADER, BODY, FOOTER, BUTTONS}")
        CHECKS[kind](part)
        kinds.append(kind)
    if kinds.count("BODY") != 1 or len(set(kinds)) != len(kinds):
        raise node.unfit("components", "must have one BODY and each other type at most once")


def _check_body(part: Node) -> None:
    if PLACEHOLDER.search(part.text("text", BODY)) and "example" not in part.value:
        raise part.refuse("Templates with variables need an example: component of type BODY is missing it.")


def _check_header(part: Node) -> None:
    if part.text("format").upper() == "TEXT":
        part.text("text", SHORT)


def _check_footer(part: Node) -> None:
    part.text("text", SHORT)


def _check_buttons(part: Node) -> None:
    if len(part.items("buttons")) > BUTTONS:
        raise part.unfit("buttons", f"must have at most {BUTTONS} elements")
    for button in part.each("buttons"):
        button.text("text", BUTTON_TEXT)


CHECKS = {"BODY": _check_body, "HEADER": _check_header, "FOOTER": _check_footer, "BUTTONS": _check_buttons}


def _matches(item: Template, query: dict[str, str]) -> bool:
    exact = all(query.get(name, item.document[name]) == item.document[name] for name in ("status", "category"))
    return exact and query.get("name", "") in item.name and query.get("language", item.language) == item.language


def _cursor(position: int) -> str:
    return base64.b64encode(f"position:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("position:"))
    except ValueError as error:
        raise VendorError(100, "Invalid cursor") from error


def _whole(text: str | None, otherwise: int) -> int:
    try:
        return int(text) if text else otherwise
    except ValueError as error:
        raise VendorError(100, "Param limit must be an integer.") from error
