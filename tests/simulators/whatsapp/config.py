"""What a simulated Meta app consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from tests.simulators.common.delivery import RetryPlan

Document = dict[str, Any]
DAY_S = 86_400.0


@dataclass(frozen=True)
class PhoneNumber:
    """A business number. Digits only, as the vendor writes them in webhooks."""

    phone_number_id: str
    display_phone_number: str
    business_account_id: str
    name: str = ""
    market: str = ""
    country_code: str = ""  # put before a recipient that has neither + nor a known customer behind it
    verified_name: str = "Orikka"
    quality_rating: str = "GREEN"
    throughput_mps: int = 80  # 20 for numbers that also live in the app, 1,000 for large ones
    deleted: bool = False
    registered: bool = True
    webhook_url: str = ""  # overrides the app's addresses
    allowed_recipients: tuple[str, ...] = ()  # a test number writes to these only, compared literally


@dataclass(frozen=True)
class Speeds:
    """Simulated seconds after acceptance."""

    sent_s: float = 0.02
    delivered_s: float = 0.05
    read_s: float | None = 0.1  # None: nobody reads by himself
    jitter_s: float = 0.0  # delivery is up to this much later, so that messages overtake each other
    media_url_s: float = 300.0
    template_review_s: float = 0.1


@dataclass(frozen=True)
class SimulatorConfig:
    """A Meta app with its numbers. Secrets are made up."""

    numbers: tuple[PhoneNumber, ...]
    webhook_urls: tuple[str, ...] = ()  # several: every subscribed app gets every body
    app_secret: str = "simulated-app-secret"
    access_token: str = "simulated-access-token"
    verify_token: str = "simulated-verify-token"
    app_id: str = "670000000000001"
    app_name: str = "Simulated app"
    speeds: Speeds = field(default_factory=Speeds)
    window_s: float = DAY_S
    clock_offset_s: float = 0.0
    seed: int = 7
    templates: tuple[tuple[str, Document], ...] = ()  # (business account, template as the vendor lists it)
    retries: RetryPlan = field(default_factory=RetryPlan)
    concurrency: int = 1  # webhook bodies under way at once
    batch_max: int = 1  # events in one body
    batch_s: float = 0.0  # how long an event waits for company
    pair_burst: int = 45
    pair_every_s: float = 6.0
    management_calls_per_h: int = 5000
    webhook_version: float = 24.0  # before 24 statuses carry `conversation`
    failed_contacts: bool = False  # Meta's description says that failed statuses have no contacts[]; captures have it
    late_errors: frozenset[int] = frozenset()  # reported by a failed status instead of the answer, e.g. 131047

    def number(self, phone_number_id: str) -> PhoneNumber | None:
        """The number with this id, or None."""
        return next((number for number in self.numbers if number.phone_number_id == phone_number_id), None)

    def accounts(self) -> list[str]:
        """The business accounts, each once."""
        return list(dict.fromkeys(number.business_account_id for number in self.numbers))


def config_from(document: Mapping[str, Any]) -> SimulatorConfig:
    """A configuration from plain data with the names of the fields. Raises ValueError for an unknown name."""
    values = dict(document)
    values["numbers"] = tuple(_made(PhoneNumber, item, "numbers") for item in values.get("numbers", ()))
    if "speeds" in values:
        values["speeds"] = _made(Speeds, values["speeds"], "speeds")
    if "retries" in values:
        values["retries"] = _made(RetryPlan, values["retries"], "retries")
    if "templates" in values:
        values["templates"] = tuple((account, template) for account, template in values["templates"])
    values["webhook_urls"] = tuple(values.get("webhook_urls", ()))
    values["late_errors"] = frozenset(values.get("late_errors", ()))
    made: SimulatorConfig = _made(SimulatorConfig, values, "config")
    if not made.numbers:
        raise ValueError("config: give at least one number")
    return made


def _made(kind: Any, values: Mapping[str, Any], where: str) -> Any:
    known = {item.name for item in fields(kind)}
    if unknown := sorted(set(values) - known):
        raise ValueError(f"{where}: unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return kind(**given)
