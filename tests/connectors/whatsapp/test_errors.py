"""Every code of the vendor has a class, a meaning and a remedy."""

from pathlib import Path

import pytest

from connectors.delivery.errors import AccountDown, DeliveryError, Hold, Refused, TryAgain, TryRecipientLater, Uncertain
from connectors.whatsapp.errors import load_errors, retry_after_s
from core.errors import ContentError
from tests.connectors.whatsapp.support import graph_error

TABLE = load_errors()
OURS = {131047: "window_closed"}  # the same as our own look at the clock
# The vendor's list of codes, by what the sender must do.
CLASSES: dict[type[DeliveryError], tuple[int, ...]] = {
    AccountDown: (
        0, 190, 3, 10, 200, 250, 299, 131005, 33, 368, 131031, 131037, 131042, 131045, 133010, 133016,
    ),
    TryAgain: (1, 2, 4, 80007, 130429, 131000, 131016, 131057, 133004, 132069),
    TryRecipientLater: (131056,),
    Hold: (131047, 131048, 131064),
    Refused: (
        100, 130472, 130497, 131008, 131009, 131021, 131026, 131030, 131049, 131050, 131051, 131052, 131053, 131062,
        131063, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 135000, 137000,
    ),
}  # fmt: skip
CODES = [(code, kind) for kind, codes in CLASSES.items() for code in codes]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_a_known_code(code: int, kind: type[DeliveryError]) -> None:
    ours = OURS.get(code)
    told = (ours, f"told by the vendor ({code})") if ours else (str(code), "told by the vendor")
    for error in (
        TABLE.answer(400, graph_error(code), {}, repeatable=False),
        TABLE.answer(500, graph_error(code), {}, repeatable=False),
        TABLE.failure(str(code), "told by the vendor"),
    ):
        assert type(error) is kind
        assert (error.code, error.reason) == told
        assert error.remedy.endswith(".")
    explained = TABLE.explain(str(code))
    assert explained
    assert explained.meaning


@pytest.mark.parametrize(
    ("status", "repeatable", "kind"),
    [
        (400, False, Refused), (404, False, Refused), (401, False, AccountDown), (403, False, AccountDown),
        (302, False, AccountDown), (408, False, TryAgain), (429, False, TryAgain), (500, False, Uncertain),
        (502, False, Uncertain), (503, False, Uncertain), (504, True, TryAgain), (500, True, TryAgain),
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", [None, {}, graph_error(987654), {"error": "text"}, {"error": {"code": {"a": 1}}}])
def test_an_unknown_code_goes_by_the_status(
    status: int, repeatable: bool, kind: type[DeliveryError], body: object
) -> None:
    error = TABLE.answer(status, body, {}, repeatable)
    assert type(error) is kind
    assert error.code
    assert error.remedy


def test_a_wrong_id_is_told_from_a_wrong_parameter() -> None:
    assert type(TABLE.answer(400, graph_error(100, error_subcode=33), {}, False)) is AccountDown
    assert type(TABLE.answer(400, graph_error(100, error_subcode=2494), {}, False)) is Refused


def test_details_say_more_than_the_message() -> None:
    told = graph_error(131009, error_data={"messaging_product": "whatsapp", "details": "title is too long"})
    assert TABLE.answer(400, told, {}, False).reason == "title is too long"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "99999999"}, 3600.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 13:00:30 GMT", "date": "Sun, 22 Nov 2026 13:00:00 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT", "date": "Sun, 22 Nov 2026 13:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 22 Nov 2026 13:00:30 -0000", "date": "Sun, 22 Nov 2026 13:00:00 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], wait: float | None) -> None:
    assert retry_after_s(headers) == wait


def test_the_vendors_wait_goes_before_ours() -> None:
    assert TABLE.answer(400, graph_error(80007), {}, False).retry_after_s == 120.0
    assert TABLE.answer(400, graph_error(80007), {"retry-after": "9"}, False).retry_after_s == 9.0
    assert TABLE.answer(400, graph_error(131000), {}, False).retry_after_s is None


@pytest.mark.parametrize("code", ["", "unknown", "-1", "1e3", "１３１０４７", "9" * 40])
def test_an_unknown_failure_is_refused_with_a_remedy(code: str) -> None:
    assert TABLE.explain(code) is None
    error = TABLE.failure(code, "words")
    assert type(error) is Refused
    assert "errors.yml" in error.remedy


def test_a_mistake_in_the_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "errors.yml"
    path.write_text("- {code: 1, error: refused, meaning: all is well, remedy: Do it.}\n- {code: 2, error: explode}\n")
    with pytest.raises(ContentError, match=r"errors\.yml:2: error"):
        load_errors(path)
