"""Parts that the simulators share: lengths, rates, faults, forms, time."""

from functools import partial

import pytest

from tests.simulators.common.clock import SimulatedClock
from tests.simulators.common.delivery import RetryPlan
from tests.simulators.common.faults import Fault, FaultDice, Faults
from tests.simulators.common.limits import BorrowingBucket, RollingWindow, utf16_length
from tests.simulators.common.multipart import read_multipart
from tests.simulators.common.scheduler import Scheduler
from tests.simulators.common.signing import ascii_body, base64_signature, hex_signature, utf8_body

FORM = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
FILE = (
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n'
    b"\r\n--y\r\n\x00\r\r\n--x--\r\n"
)


@pytest.mark.parametrize(("text", "units"), [("", 0), ("abc", 3), ("é", 1), ("مرحبا", 5), ("😮", 2), ("👩‍🚀", 5)])
def test_lengths_are_utf16_units(text: str, units: int) -> None:
    assert utf16_length(text) == units


def test_rolling_window() -> None:
    window = RollingWindow(2, 1.0)
    assert [window.take(at) for at in (0.0, 0.5, 0.9, 1.0, 1.4, 1.5)] == [True, True, False, True, False, True]


def test_burst_is_borrowed_from_the_future() -> None:
    bucket = BorrowingBucket(3, 6.0)
    assert [bucket.take(at) for at in (0, 0, 0, 0, 5, 6, 6, 18, 18, 18)] == [
        True, True, True, False, False, True, False, True, True, False,
    ]  # fmt: skip


def test_signatures() -> None:
    body = ascii_body({"a": "café"})
    assert body == b'{"a":"caf\\u00e9"}'
    assert utf8_body({"a": "café"}) == '{"a":"café"}'.encode()
    assert hex_signature("k", body) != hex_signature("k", utf8_body({"a": "café"}))
    assert len(hex_signature("k", body)) == 64
    assert len(base64_signature("k", body)) == 44


def test_the_same_seed_draws_the_same_faults() -> None:
    faults = Faults(server_error_rate=0.2, reset_rate=0.2, late_answer_rate=0.2, plan=(Fault.RESET, Fault.NONE))
    drawn = [FaultDice(faults) for _ in range(2)]
    first, second = ([dice.call() for _ in range(200)] for dice in drawn)
    assert first == second
    assert first[:2] == [Fault.RESET, Fault.NONE]
    assert 20 < first.count(Fault.SERVER_ERROR) < 60
    assert FaultDice(faults).call(planned=False) is not None


@pytest.mark.parametrize(
    "values", [{"x": 1}, {"reset_rate": 1.1}, {"reset_rate": "1"}, {"plan": ["boom"]}, {"reorder_s": -1}]
)
def test_wrong_faults_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Faults().changed(values)


def test_forms_keep_their_bytes() -> None:
    assert read_multipart("multipart/form-data; boundary=x", FORM)["a"].text == "1"
    part = read_multipart('multipart/form-data; boundary="x"', FILE)["f"]
    assert (part.file_name, part.mime_type, part.data) == ("p.png", "image/png", b"\r\n--y\r\n\x00\r")
    for kind, body in [
        ("text/plain", FORM),
        ("multipart/form-data; boundary=x", FORM[:-6]),
        ("multipart/form-data", FORM),
    ]:
        with pytest.raises(ValueError, match=r"."):
            read_multipart(kind, body)


async def test_time_moves_forward_only_and_runs_what_is_due() -> None:
    clock = SimulatedClock(source=lambda: 1000.0)
    scheduler = Scheduler(clock)
    ran: list[str] = []
    for at, name in [(1010.0, "later"), (1000.0, "now"), (1000.0, "then")]:
        scheduler.at(at, partial(ran.append, name))
    assert scheduler.run_due() == 2
    clock.advance(10)
    scheduler.run_due()
    assert ran == ["now", "then", "later"]
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)


def test_pauses_grow_up_to_a_limit() -> None:
    plan = RetryPlan(first_pause_s=5, factor=2, longest_pause_s=30, scale=0.1)
    assert [plan.pause_s(attempts) for attempts in (1, 2, 3, 4, 9)] == [0.5, 1.0, 2.0, 3.0, 3.0]
