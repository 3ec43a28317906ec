"""What Rasa's components need and cannot be handed: one embedder and one release holder in a process.

Rasa builds graph components by itself from config.yml, so they cannot get these as arguments.
"""

import functools

from core.database import open_engine
from core.settings import PROJECT, load_settings
from knowledge.embedder import Embedder, open_embedder
from knowledge.release_holder import ReleaseHolder
from orders.products import Products, load_products


@functools.cache
def shared_embedder() -> Embedder:
    """The configured embedder, opened once. Raises SetupError when it was not built."""
    return open_embedder(load_settings())


@functools.cache
def shared_holder() -> ReleaseHolder:
    """The holder of the current release, with vectors."""
    settings = load_settings()
    return ReleaseHolder(settings, open_engine(settings), shared_embedder().fingerprint, with_vectors=True)


@functools.cache
def shared_products() -> Products:
    """The shop's products, by the names that customers use."""
    return load_products(PROJECT / "orders" / "data")
