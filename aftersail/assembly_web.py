"""Parts of the web process, which must not import rasa."""

from sqlalchemy.engine import Engine

from aftersail.promises import market_promise
from aftersail.shop_window import DemoShop
from conversations.language_reader import IdentifierReader
from conversations.record import Record
from core.settings import PROJECT, Settings
from knowledge.release_holder import ReleaseHolder
from languages.opening import open_identifier
from orders.demo_data import load_demo_data
from orders.demo_store import DemoOrderStore, open_order_source
from orders.products import load_products


def open_record(engine: Engine, holder: ReleaseHolder) -> Record:
    """The record, with languages decided by the identifier (opens in 2 s, 400 MB)."""
    products = load_products(PROJECT / "orders" / "data")
    names = {holder.current().markets[code].brand for code in holder.current().markets}
    names |= {name for product in products.entries for name in (product.name, *product.aliases)}
    identifier = open_identifier(
        sorted(names), is_topic=lambda text, language: holder.current().topics.has(text, language)
    )
    reader = IdentifierReader(identifier, lambda: holder.current().markets)
    return Record(engine, reader, promise=market_promise(lambda: holder.current().markets))


def demo_shop(settings: Settings, holder: ReleaseHolder) -> DemoShop:
    """The demo shop; it shows orders only when they are demo orders."""
    source = open_order_source(settings)
    folder = PROJECT / "orders" / "data"
    prices = load_demo_data(folder / "demo", holder.current().markets)
    store = source if isinstance(source, DemoOrderStore) else None
    return DemoShop(holder.current, load_products(folder), prices, store)
