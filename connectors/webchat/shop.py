"""The demo shop: a market picker and one page per market with the chat in it."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from connectors.webchat import parse
from connectors.webchat.access import Access
from connectors.webchat.deps import Market, Product, WebchatDeps
from connectors.webchat.errors import Refused
from connectors.webchat.headers import SecurityHeaders, page_policy
from connectors.webchat.limits import Action

HERE = Path(__file__).parent
STATIC = HERE / "static"


def shop_routes(deps: WebchatDeps, access: Access) -> list[BaseRoute]:
    """The pages and their pictures."""
    shop = Shop(deps, access)
    page = [Middleware(SecurityHeaders, kind="page")]
    asset = [Middleware(SecurityHeaders, kind="asset")]
    return [
        Route("/", shop.markets, middleware=page),
        Mount("/shop/assets", StaticFiles(directory=STATIC), middleware=asset),
        Route("/shop/{market}", shop.page, middleware=page),
    ]


class Shop:
    """The demo shop's pages."""

    def __init__(self, deps: WebchatDeps, access: Access) -> None:
        self._words = deps.words
        self._demo = deps.demo
        self._access = access
        self._pictures = frozenset(path.stem for path in (STATIC / "pictures").glob("*.svg"))
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def markets(self, request: Request) -> Response:
        """GET /: every market, each in its own language."""
        return self._answer(request, self._picker)

    def page(self, request: Request) -> Response:
        """GET /shop/{market}[?lang=]: the shop in one language of the market."""
        return self._answer(request, self._shop)

    def _answer(self, request: Request, build: Any) -> Response:
        try:
            self._access.count(Action.PAGE, request)
            html = build(request)
        except Refused as refused:
            return PlainTextResponse(f"{refused}\n", refused.status)
        policy = page_policy(request.headers.get("host", ""))
        return HTMLResponse(html, headers={"content-security-policy": policy})

    def _picker(self, request: Request) -> str:
        markets = self._words.markets()
        wanted = _accepted_languages(request)
        offered = list(dict.fromkeys(code for market in markets for code in market.codes))
        language = parse.best_language(wanted, offered)
        home = next(market for market in markets if language in market.codes)
        return self._render("markets.html", home, language, markets=markets)

    def _shop(self, request: Request) -> str:
        market = self._market(request.path_params["market"])
        language = parse.best_language([request.query_params.get("lang", "")[:48]], market.codes)
        return self._render(
            "shop.html",
            market,
            language,
            markets=self._words.markets(),
            products=[(product, self._picture(product)) for product in self._demo.products(market.code, language)],
            orders=self._demo.orders(market.code, language),
        )

    def _render(self, template: str, market: Market, language: str, **values: Any) -> str:
        strings = self._words.strings(market.code, language, "shop_")
        return self._templates.get_template(template).render(
            brand=self._words.brand,
            market=market,
            language=language,
            dir=self._words.direction(language),
            direction=self._words.direction,
            text=lambda name: strings[f"shop_{name}"],
            **values,
        )

    def _market(self, code: str) -> Market:
        for market in self._words.markets():
            if market.code == code.upper():
                return market
        raise Refused("unknown_market", "There is no such market.")

    def _picture(self, product: Product) -> str:
        return product.picture if product.picture in self._pictures else product.kind


def _accepted_languages(request: Request) -> list[str]:
    header = request.headers.get("accept-language", "")[:200]
    return [part.split(";")[0].strip() for part in header.split(",") if part.strip(" ;*")]
