"""`aftersail up` with WhatsApp and LINE simulated beside it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from tests.simulators.line.config import SimulatorConfig as LineConfig
from tests.simulators.line.demo import demo_config as line_demo
from tests.simulators.line.simulator import LineSimulator
from tests.simulators.whatsapp.config import SimulatorConfig as WhatsAppConfig
from tests.simulators.whatsapp.demo import demo_config as whatsapp_demo
from tests.simulators.whatsapp.simulator import WhatsAppSimulator
from tests.support.installation import Installation
from tests.support.service import Service

SECRETS = ("access_token", "app_secret", "verify_token")


@dataclass(frozen=True)
class ChannelWorld:
    """A running Aftersail and both vendors."""

    service: Service
    whatsapp: WhatsAppSimulator
    line: LineSimulator

    @property
    def installation(self) -> Installation:
        """What the service works on."""
        return self.service.installation


@contextlib.contextmanager
def channel_world(
    installation: Installation,
    whatsapp: WhatsAppConfig | None = None,
    line: LineConfig | None = None,
    **settings: str,
) -> Iterator[ChannelWorld]:
    """Everything on loopback; `settings` are settings without their prefix."""
    service = Service(installation, **settings)
    wa_config = replace(whatsapp or whatsapp_demo(), webhook_urls=(f"{service.url}/webhooks/whatsapp",))
    line_config = line or line_demo()
    bots = tuple(replace(bot, webhook=f"{service.url}/webhooks/line") for bot in line_config.bots)
    with WhatsAppSimulator(wa_config) as wa, LineSimulator(replace(line_config, bots=bots)) as li:
        accounts = write_accounts(installation.folder / "channels.yml", wa, li)
        service.configure(CHANNELS=str(accounts), PUBLIC_URL=service.url)
        with service:
            yield ChannelWorld(service, wa, li)


def write_accounts(path: Path, whatsapp: WhatsAppSimulator, line: LineSimulator) -> Path:
    """The accounts file for the simulators; secrets lie in files beside it."""
    data = {"whatsapp": list(_whatsapp(path.parent, whatsapp)), "line": list(_line(path.parent, line))}
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def _whatsapp(folder: Path, simulator: WhatsAppSimulator) -> Iterator[dict[str, Any]]:
    config = simulator.config
    secrets = {name: _file(folder, f"whatsapp-{name}", getattr(config, name)) for name in SECRETS}
    for number in config.numbers:
        ids = {"phone_number_id": number.phone_number_id, "business_account_id": number.business_account_id}
        yield {"name": number.name, "market": number.market, **ids, **secrets, "api_url": simulator.api_url}


def _line(folder: Path, simulator: LineSimulator) -> Iterator[dict[str, Any]]:
    for bot in simulator.config.bots:
        name = f"line-{bot.market.lower()}"
        yield {
            "name": name,
            "market": bot.market,
            "bot_user_id": bot.user_id,
            "channel_secret": _file(folder, f"{name}-secret", bot.channel_secret),
            "access_token": _file(folder, f"{name}-token", bot.access_token),
            "api_url": simulator.url,
        }


def _file(folder: Path, name: str, secret: str) -> dict[str, str]:
    (folder / name).write_text(secret + "\n", encoding="ascii")
    return {"file": name}
