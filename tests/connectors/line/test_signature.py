"""Who signed a webhook."""

import pytest

from connectors.line.signature import sign
from tests.connectors.line.support import Vendor, account

# The vector of the protocol notes: computed with another program.
BODY = b'{"destination":"U00000000000000000000000000000000","events":[]}'
SIGNATURE = "8BnrnB9ZR2DkR6H65eHG/THnnFpB2PpL7rOGjiuchNA="
OURS = account()
SAME = account(name="jp2", bot_user_id="U" + "2" * 32)
OTHER = account(name="tw", bot_user_id="U" + "3" * 32, channel_secret="another_secret")


def test_vector() -> None:
    assert sign("test_channel_secret", BODY) == SIGNATURE


@pytest.mark.parametrize(
    ("headers", "body", "names"),
    [
        ({"x-line-signature": SIGNATURE}, BODY, ["jp", "jp2"]),
        ({"x-line-signature": sign("another_secret", BODY)}, BODY, ["tw"]),
        ({"x-line-signature": SIGNATURE}, BODY + b" ", []),
        ({"x-line-signature": SIGNATURE[:-1]}, BODY, []),
        ({"x-line-signature": SIGNATURE + "A" * 10_000}, BODY, []),
        ({"x-line-signature": "é\ud800"}, BODY, []),
        ({"x-line-signature": ""}, BODY, []),
        ({}, BODY, []),
        ({}, b"", []),
    ],
)
async def test_signers(headers: dict[str, str], body: bytes, names: list[str]) -> None:
    channel = Vendor().channel(OURS, OTHER, SAME)
    assert [one.name for one in channel.signers(headers, body)] == names
