"""Identifiers in the platform's forms."""

import random

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Ids:
    """Gives identifiers, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._message = 468_789_577_898_262_530 + self._random.randrange(10**9)

    def message(self) -> str:
        """A message id: digits, growing."""
        self._message += self._random.randrange(1, 10**6)
        return str(self._message)

    def reply_token(self) -> str:
        """32 hexadecimal digits."""
        return f"{self._random.getrandbits(128):032x}"

    def token(self) -> str:
        """A quote token or a mark-as-read token."""
        return "".join(self._random.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", k=86))

    def request(self) -> str:
        """An x-line-request-id: a UUID."""
        digits = f"{self._random.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def event(self, at_ms: int) -> str:
        """A webhookEventId: a ULID of the time."""
        number = (at_ms << 80) | self._random.getrandbits(80)
        return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))

    def image_set(self) -> str:
        """Id of pictures sent together."""
        return f"{self._random.getrandbits(76):019X}"
