"""Runs the simulator until it is interrupted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import uvicorn
import yaml

from tests.simulators.common.server import server_config
from tests.simulators.line.app import create_app
from tests.simulators.line.config import SimulatorConfig, config_from_file
from tests.simulators.line.demo import demo_config


def channels_yaml(config: SimulatorConfig, url: str) -> str:
    """What belongs in channels.yml so that the product talks with this simulator."""
    accounts = [
        {
            "name": f"line-{bot.market.lower()}" if bot.market else bot.name,
            "market": bot.market,
            "bot_user_id": bot.user_id,
            "channel_secret": bot.channel_secret,
            "access_token": bot.access_token,
            "api_url": url,
        }
        for bot in config.bots
    ]
    return yaml.safe_dump({"line": accounts}, allow_unicode=True, sort_keys=False)


def serve(
    port: int = 8092,
    webhook: str = "",
    config_file: Path | None = None,
    host: str = "127.0.0.1",
    say: Callable[[str], None] = print,
) -> None:
    """Serve until interrupted, after saying what to put into channels.yml. `webhook` goes to bots that have none."""
    config = config_from_file(config_file) if config_file else demo_config()
    config = replace(config, bots=tuple(replace(bot, webhook=bot.webhook or webhook) for bot in config.bots))
    url = f"http://{host}:{port}"
    say(
        f"LINE simulator: {url}/ is a customer's phone; webhooks go to {webhook or 'nowhere'}\n"
        f"Put into channels.yml:\n\n{channels_yaml(config, url)}"
    )
    uvicorn.Server(server_config(create_app(config), host, port)).run()
