"""One request as a handler of the desk sees it: who asks, what they sent, and the answer's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from conversations.model import Conversation
from desk.audit import audit
from desk.deps import DeskDeps
from desk.errors import InvalidForm
from desk.viewer import Right, Viewer
from desk.visible import visible_conversation
from desk.web.render import Pages
from desk.web.words import Words

NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Ask:
    """A request of a viewer."""

    request: Request
    deps: DeskDeps
    pages: Pages
    words: Words
    viewer: Viewer
    form: Mapping[str, str] = field(default_factory=dict)  # of a POST; each field once, the last one counts
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)  # (name as the browser says, bytes)

    @property
    def path(self) -> Mapping[str, str]:
        """Values of the address's {placeholders}."""
        return {name: str(value) for name, value in self.request.path_params.items()}

    @property
    def query(self) -> Mapping[str, str]:
        """Values behind the question mark."""
        return self.request.query_params

    @property
    def is_partial(self) -> bool:
        """Whether a part of the page is asked for, not a whole one."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def now(self) -> float:
        """The time, in seconds since 1970."""
        return self.deps.clock()

    def conversation(self, connection: Connection, right: Right = Right.READ) -> Conversation:
        """The conversation of the address's {id}. Raises NotFound, NotAllowed."""
        return visible_conversation(connection, self.viewer, self.path["id"], right)

    def audit(
        self, connection: Connection, conversation: Conversation, action: str, details: Mapping[str, Any]
    ) -> None:
        """Write down what the viewer did with the conversation, in the transaction that does it."""
        place = {"target": conversation.id, "market": conversation.market}
        audit(connection, self.viewer.owner, action, **place, details=details, now=self.now)

    def field(self, name: str, most: int = 200, *, empty: bool = False) -> str:
        """A field of the form without white space around it. Raises InvalidForm when missing or longer than `most`."""
        value = self.form.get(name, "").strip()
        if not value and not empty:
            raise InvalidForm(name, f"{name} is missing")
        if len(value) > most:
            raise InvalidForm(name, f"{name} is longer than {most} characters")
        return value

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number of the form. Raises InvalidForm."""
        value = self.field(name, 12)
        if not value.isascii() or not value.removeprefix("-").isdigit() or not least <= int(value) <= most:
            raise InvalidForm(name, f"{name} must be a whole number from {least} to {most}")
        return int(value)

    def page(
        self, template: str, *, status: int = 200, headers: Mapping[str, str] = NO_HEADERS, **values: Any
    ) -> Response:
        """The template as an answer."""
        return HTMLResponse(self.pages.write(template, self, values), status, dict(headers))

    def json(self, data: Any, status: int = 200) -> Response:
        """`data` as an answer."""
        return JSONResponse(data, status)

    def go(self, address: str) -> Response:
        """The browser goes to another page of ours, also from within a part of a page."""
        if self.is_partial:
            return Response(status_code=204, headers={"hx-redirect": address})
        return RedirectResponse(address, 303)
