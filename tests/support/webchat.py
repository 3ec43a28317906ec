"""The web chat with stand-ins around it: words from the replies files, a fixed demo shop, languages by script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from babel import Locale
from pydantic import SecretStr
from sqlalchemy.engine import Engine
from starlette.applications import Starlette

from connectors.webchat.deps import DemoOrder, Language, Market, Product, WebchatDeps
from connectors.webchat.hub import Hub
from connectors.webchat.routes import webchat_routes
from conversations.model import Conversation
from conversations.record import Record
from core.database import open_engine
from core.settings import PROJECT, Settings
from core.tables import metadata

SECRET = "a-secret-of-this-test-that-is-long-enough"
IDENTITY_SECRET = "another-secret-of-this-test-for-identity"
LANGUAGES = ("en", "de", "fr", "ja", "ar", "th", "zh", "zh-Hant")
MARKETS = {"DE": "de en", "JP": "ja en", "SA": "ar en", "US": "en", "TH": "th en", "TW": "zh-Hant zh en", "FR": "fr en"}
VALUES = {"brand": "Orikka", "free_shipping_from": "50 €", "return_days": "30"}


@cache
def _replies(language: str) -> dict[str, Any]:
    path = PROJECT / "knowledge" / "data" / "replies" / f"{language}.yml"
    english = _replies("en") if language != "en" else {}
    return {**english, **(yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {})}


class StandInWords:
    """Words of the replies files; English where a language has none yet."""

    brand = "Orikka"

    def markets(self) -> list[Market]:
        return [
            Market(code, _territory(code, codes.split()[0]), tuple(_language(item) for item in codes.split()))
            for code, codes in MARKETS.items()
        ]

    def strings(self, market: str, language: str, prefix: str) -> dict[str, str]:
        found = {name: reply["text"] for name, reply in _replies(language).items() if name.startswith(prefix)}
        for key, value in VALUES.items():
            found = {name: text.replace(f"{{{key}}}", value) for name, text in found.items()}
        return found

    def direction(self, language: str) -> str:
        return "rtl" if language == "ar" else "ltr"


def _locale(code: str) -> Locale:
    return Locale.parse(code, sep="-")


def _territory(code: str, language: str) -> str:
    return str(_locale(language).territories[code])


def _language(code: str) -> Language:
    name = str(_locale(code).get_display_name(_locale(code)))
    return Language(code, name[:1].upper() + name[1:])


class StandInDemo:
    """A small shop."""

    def products(self, market: str, language: str) -> Sequence[Product]:
        rows = [
            ("PureSteam 2", "baby bottle steriliser", "baby", "OR-PS2"),
            ("SoftSip", "baby bottles", "baby", "OR-SSP"),
            ("NightOwl Cam", "baby monitor", "baby", "OR-NOC"),
            ("Pico Chair", "high chair", "baby", "OR-PCH"),
            ("Fjell Shelf", "flat-pack shelf", "home", "OR-FJS"),
            ("Crisp 4L", "air fryer", "home", "OR-CR4"),
            ("Dusty R3", "robot vacuum", "home", "OR-DR3"),
            ("Mistral Mini", "humidifier", "home", "OR-MIM"),
            ("Tono Buds", "earbuds", "electronics", "OR-TNB"),
            ("Volt 10K", "power bank", "electronics", "OR-V10"),
            ("Unpictured", "new", "electronics", "OR-NEW"),
        ]
        return [Product(name, about, kind, "49,90 €", picture) for name, about, kind, picture in rows]

    def orders(self, market: str, language: str) -> Sequence[DemoOrder]:
        return [
            DemoOrder("ORK-4821936", "on its way", "lena@example.com"),
            DemoOrder("ORK-1234566", "in customs clearance", "10115"),
        ]


@dataclass(frozen=True)
class Reading:
    """A language decision."""

    language: str
    state: Mapping[str, Any]
    decision: Mapping[str, Any] = field(default_factory=dict)


class StandInLanguages:
    """Reads the language from the script; else keeps the conversation's, the chosen one or the page's."""

    def read(self, text: str, conversation: Conversation) -> Reading:
        state = conversation.language_state
        page = conversation.hints.page_locale.split("-")[0]
        language = _by_script(text) or str(state.get("chosen") or "") or conversation.language or page or "en"
        return Reading(language, state)


def _by_script(text: str) -> str:
    for char in text:
        for first, last, language in (
            ("\u0600", "\u06ff", "ar"),
            ("\u3040", "\u30ff", "ja"),
            ("\u0e00", "\u0e7f", "th"),
        ):
            if first <= char <= last:
                return language
    return ""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: float = 1_760_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Installation:
    """A web chat with its database."""

    app: Starlette
    deps: WebchatDeps
    engine: Engine
    notes: list[tuple[str, str]]

    @property
    def record(self) -> Record:
        return self.deps.record

    @property
    def hub(self) -> Hub:
        return self.deps.hub

    def count(self, table: sa.Table) -> int:
        with self.engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def install(folder: Path, clock: Callable[[], float], **settings: Any) -> Installation:
    """A web chat on a fresh database in `folder`."""
    chosen = Settings(
        _env_file=None,
        data_dir=folder,
        **{"secret": SecretStr(SECRET), "identity_secret": SecretStr(IDENTITY_SECRET), **settings},
    )
    engine = open_engine(chosen)
    metadata.create_all(engine)
    notes: list[tuple[str, str]] = []
    deps = WebchatDeps(
        record=Record(engine, StandInLanguages(), clock),
        notify=lambda role, conversation: notes.append((role, conversation)),
        words=StandInWords(),
        demo=StandInDemo(),
        settings=chosen,
        clock=clock,
    )
    return Installation(Starlette(routes=webchat_routes(deps)), deps, engine, notes)
