"""`aftersail build`: what is made once on this machine: embedder, demo orders, database."""

from rich.console import Console
from rich.progress import Progress

from aftersail.demo_packages import install_demo_packages
from core.database import migrate, open_engine
from core.settings import Settings
from knowledge.model_build import build_embedder
from orders.demo_store import open_order_source

BUILTIN = "builtin"


def build_all(settings: Settings, console: Console) -> None:
    """Everything built; what is there stays. Raises SetupError."""
    if settings.embedder == BUILTIN:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("embedder", total=1.0)
            build_embedder(
                settings.models_dir,
                lambda step, done: bar.update(task, description=f"embedder: {step}", completed=done),
            )
    console.print("The embedder is ready.")
    migrate(open_engine(settings))
    open_order_source(settings)
    console.print("The database and the orders are ready.")
    install_demo_packages(settings, console)
