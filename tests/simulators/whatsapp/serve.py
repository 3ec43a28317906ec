"""Runs the simulator in the foreground, for people."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import uvicorn
import yaml

from tests.simulators.common.server import server_config
from tests.simulators.whatsapp.app import create_app
from tests.simulators.whatsapp.config import SimulatorConfig, config_from
from tests.simulators.whatsapp.demo import demo_config

ENVIRONMENT = {
    "access_token": "WHATSAPP_ACCESS_TOKEN",
    "app_secret": "WHATSAPP_APP_SECRET",
    "verify_token": "WHATSAPP_VERIFY_TOKEN",
}


def serve(
    port: int = 8091,
    webhook: str = "",
    config_file: Path | None = None,
    host: str = "127.0.0.1",
    say: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted. `webhook` is the product's address; `say` gets what to put into channels.yml.

    Raises ValueError for a bad configuration file.
    """
    config = config_from(yaml.safe_load(config_file.read_text("utf-8"))) if config_file else demo_config()
    if webhook:
        config = replace(config, webhook_urls=(webhook,))
    if say is not None:
        say(instructions(config, f"http://{host}:{port}"))
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has shut down in order by then
        uvicorn.Server(server_config(create_app(config), host, port)).run()


def instructions(config: SimulatorConfig, url: str) -> str:
    """What a person needs to connect the product: environment, accounts for channels.yml, the page."""
    exports = "\n".join(f"export {name}={getattr(config, field)}" for field, name in ENVIRONMENT.items())
    accounts = [
        {
            "name": number.name,
            "market": number.market,
            "phone_number_id": number.phone_number_id,
            "business_account_id": number.business_account_id,
            **{field: {"env": name} for field, name in ENVIRONMENT.items()},
            "api_url": f"{url}/v24.0",
        }
        for number in config.numbers
    ]
    listed = yaml.safe_dump({"whatsapp": accounts}, sort_keys=False, allow_unicode=True)
    hooks = ", ".join(config.webhook_urls) or "nowhere; give --webhook"
    return f"{exports}\n\n# channels.yml\n{listed}\n# webhooks go to {hooks}\n# play the customer at {url}/\n"
