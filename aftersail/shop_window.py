"""What the web chat and the demo shop show: words, markets, products and orders to try."""

from collections.abc import Callable, Mapping, Sequence

from babel import Locale
from babel.numbers import format_currency

from connectors.webchat.deps import DemoOrder, Language, Market, Product
from knowledge.release import Release
from knowledge.values import Verbatim
from markets.profile import MarketProfile
from orders.demo_data import DemoMarket
from orders.demo_store import DemoOrderStore
from orders.products import Products

SHOWN_ORDERS = 15  # one of each state


class ReleaseWords:
    """connectors.webchat.deps.Words on the current release."""

    def __init__(self, release: Callable[[], Release]) -> None:
        self._release = release

    def markets(self) -> Sequence[Market]:
        """Every market of the release."""
        release = self._release()
        return [_market(profile, release.words.languages) for profile in release.markets.values()]

    def strings(self, market: str, language: str, prefix: str) -> Mapping[str, str]:
        """Texts by whole name; {limit} is left for the widget."""
        release = self._release()
        profile = release.markets[market]
        return {
            name: release.words.say(name, {"limit": Verbatim("{limit}")}, market=profile, language=language).text
            for name in release.words.names(prefix)
        }

    @property
    def brand(self) -> str:
        """Name of the shop."""
        return next(iter(self._release().markets.values())).brand

    def direction(self, language: str) -> str:
        """ "ltr" or "rtl"; "ltr" when the language is unknown or empty."""
        return Locale.parse(language, sep="-").text_direction if language else "ltr"


class DemoShop:
    """connectors.webchat.deps.Demo on the demo store."""

    def __init__(
        self,
        release: Callable[[], Release],
        products: Products,
        prices: Mapping[str, DemoMarket],
        store: DemoOrderStore | None,
    ) -> None:
        self._release = release
        self._products = products
        self._prices = prices
        self._store = store  # None when the orders are the seller's own: those are not for show

    @property
    def brand(self) -> str:
        """Name of the shop."""
        return next(iter(self._release().markets.values())).brand

    def products(self, market: str, language: str) -> Sequence[Product]:
        """Every product with its price in the market's money."""
        profile = self._release().markets[market]
        prices = self._prices[market]
        locale = profile.locale_for(language).replace("-", "_")
        return [
            Product(
                name=product.name,
                about=product.generic[language],
                kind=product.kind,
                price=format_currency(prices.local_price(product.price), profile.currency, locale=locale),
                picture=product.sku,
            )
            for product in self._products.entries
        ]

    def orders(self, market: str, language: str) -> Sequence[DemoOrder]:
        """A few orders in different states."""
        if self._store is None:
            return []
        release = self._release()
        profile = release.markets[market]
        return [
            DemoOrder(
                order.number,
                release.words.say(f"label_state_{order.state}", market=profile, language=language).text,
                order.email,
            )
            for order in self._store.demo_orders(market)[:SHOWN_ORDERS]
        ]


def _market(profile: MarketProfile, written: Sequence[str]) -> Market:
    main = Locale.parse(profile.locale_for(profile.languages[0]), sep="-")
    codes = dict.fromkeys((*profile.languages, *written))
    languages = tuple(Language(code, language_name(code)) for code in codes)
    return Market(profile.code, main.territories.get(profile.code, profile.code), languages)


def language_name(code: str) -> str:
    """The language's own name."""
    name = Locale.parse(code, sep="-").get_display_name() or code
    return name[:1].upper() + name[1:]
