"""Conversations as tests of the thread need them, and a desk that can translate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from desk.app import desk_routes
from desk.conversation.pages import conversation_pages
from desk.deps import DeskDeps
from languages.translation.translation_result import Translation
from tests.support.desk import DeskWorld


@dataclass
class GivenTranslator:
    """Knows some texts, refuses one, and no pair besides from Thai, Arabic and Japanese."""

    known: Mapping[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    blocked: Callable[[], object] = lambda: None

    def available(self, source: str, target: str) -> bool:
        """Whether the pair can be had."""
        return source in ("th", "ar", "ja", "fr") and target in ("en", "de")

    def translate(self, text: str, source: str, target: str, market: str) -> Translation:
        """The known text; without one, the original and a reason."""
        self.blocked()
        self.asked.append((text, source, target))
        made = Translation(text, text, source, target, ok=False, engine="given", reason="too strange")
        if text in self.known:
            return replace(made, ok=True, text=self.known[text], reason="")
        return replace(made, draft="a doubtful text") if "doubt" in text else made


@dataclass
class Translating:
    """A desk whose translator the test gives; `client` is signed in there."""

    deps: DeskDeps
    translator: GivenTranslator
    client: TestClient


@pytest.fixture
def translating(desk: DeskWorld) -> Callable[..., Translating]:
    """Makes one for an agent with languages; her pages wait for no translation."""

    def make(known: Mapping[str, str], **agent: Any) -> Translating:
        translator = GivenTranslator(known)
        deps = replace(desk.parts.deps, translator=translator)  # type: ignore[arg-type]  # as far as it is used
        signed_in = desk.client("anna", partial=True, **agent)
        client = TestClient(Starlette(routes=desk_routes(deps, conversation_pages())), base_url="http://desk.test")
        client.cookies, client.headers = signed_in.cookies, signed_in.headers
        return Translating(deps, translator, client)

    return make
