"""News about our accounts: kept for the operator, and applied where they change what may be sent."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Engine

from connectors.events import Notice
from connectors.whatsapp.template_file import TemplateFile
from core.schema_channels import account_notices

logger = structlog.get_logger(__name__)

MAX_TOPIC = 100


class AccountNotices:
    """connectors.intake.apply.Operator on the database and the templates' file."""

    def __init__(self, engine: Engine, templates: TemplateFile | None) -> None:
        self._engine = engine
        self._templates = templates

    def notice(self, channel: str, account: str, topic: str, details: Mapping[str, Any], at: float) -> None:
        """Keep it; a template's new state is used from now on."""
        row = {"channel": channel, "account": account, "topic": topic[:MAX_TOPIC], "details": dict(details), "at": at}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(account_notices).values(**row))
        changed = self._templates.apply(Notice(topic, details)) if self._templates else False
        logger.warning("account_notice", channel=channel, account=account, topic=topic, template_changed=changed)
