"""Bots and customers to try the channel with."""

from tests.simulators.line.config import Bot, Friend, Group, SimulatorConfig

# market: name, monthly limit, customers with the language of their app
_BOTS = {
    "JP": ("Orikka Japan", 200, (("佐藤 美咲", "ja"), ("Emma Wilson", "en"))),
    "TW": ("Orikka Taiwan", 200, (("林怡君", "zh-TW"), ("陳大文", "zh-TW"))),
    "TH": ("Orikka Thailand", 500, (("สมหญิง ใจดี", "th"), ("ليلى حسن", "ar"))),
}


def demo_config(webhook: str = "") -> SimulatorConfig:
    """One bot each for Japan, Taiwan and Thailand, with two customers and a group."""
    bots = []
    for number, (market, (name, limit, people)) in enumerate(_BOTS.items(), start=1):
        friends = tuple(
            Friend(f"U{number:04x}{place:028x}", person, language)
            for place, (person, language) in enumerate(people, start=1)
        )
        code = market.lower()
        group = Group(f"C{number:04x}{0:028x}", tuple(friend.user_id for friend in friends))
        bots.append(
            Bot(
                user_id=f"U{number:04x}{0xB07:028x}",
                name=name,
                market=market,
                channel_secret=f"simulated-secret-{code}",
                access_token=f"simulated-token-{code}",
                monthly_limit=limit,
                friends=friends,
                groups=(group,),
                webhook=webhook,
                basic_id=f"@orikka-{code}",
            )
        )
    return SimulatorConfig(bots=tuple(bots), redelivery=True)
