"""`aftersail simulate`: WhatsApp or LINE without an account, on this machine, with a page to chat as a customer."""

import sys
from importlib import import_module
from typing import Annotated

import typer

from core.errors import SetupError
from core.settings import PROJECT

simulate_app = typer.Typer(help="WhatsApp or LINE on this machine, with a page to chat as a customer.")
Port = Annotated[int, typer.Option(help="Port of the simulator.")]
Webhook = Annotated[str, typer.Option(help="Where it delivers what customers write.")]


@simulate_app.command()
def whatsapp(port: Port = 8091, webhook: Webhook = "http://127.0.0.1:8080/webhooks/whatsapp") -> None:
    """WhatsApp's Cloud API."""
    _serve("whatsapp", port, webhook)


@simulate_app.command()
def line(port: Port = 8092, webhook: Webhook = "http://127.0.0.1:8080/webhooks/line") -> None:
    """LINE's Messaging API."""
    _serve("line", port, webhook)


def _serve(channel: str, port: int, webhook: str) -> None:
    sys.path.insert(0, str(PROJECT))  # the simulators are no part of the installed packages
    try:
        simulator = import_module(f"tests.simulators.{channel}.serve")
    except ModuleNotFoundError as error:
        raise SetupError(f"{error}: the simulators are in the project's source, not in an installed package") from error
    simulator.serve(port, webhook, say=typer.echo)
