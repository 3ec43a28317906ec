"""What a person's form shows: what is stored, or what was typed, beside what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from desk.agents import Agent
from desk.people import choices
from desk.people.forms import duty_texts
from desk.viewer import EVERY_MARKET
from desk.web.ask import Ask
from markets.hours import DAYS

MOST = 200


def typed_values(ask: Ask, markets: Sequence[str]) -> Mapping[str, Any]:
    """What was typed. Nothing of it is believed."""
    texts = ("name", "display_name", "email", "role", "capacity", "interface", "time_zone")
    numbers = range(1, choices.MOST_LANGUAGES + 1)
    return {
        **{name: ask.form.get(name, "")[:MOST] for name in texts},
        "markets": [code for code in (EVERY_MARKET, *markets) if ask.form.get(f"market.{code}")],
        "languages": [code for number in numbers if (code := ask.form.get(f"language.{number}", "")[:MOST])],
        "skills": [code for code in choices.product_categories() if ask.form.get(f"skill.{code}")],
        "duty": {day: ask.form.get(f"duty.{day}", "")[:MOST] for day in DAYS},
    }


def stored_values(agent: Agent) -> Mapping[str, Any]:
    """What the form shows of the account."""
    return {
        "name": agent.name,
        "display_name": agent.display_name,
        "email": agent.email,
        "role": agent.role.value,
        "markets": agent.markets,
        "languages": agent.languages,
        "skills": agent.skills,
        "capacity": agent.capacity,
        "interface": agent.interface,
        "time_zone": agent.time_zone,
        "duty": duty_texts(agent.duty_hours),
    }
