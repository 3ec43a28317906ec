"""The one door of the desk: session, right, cross-site checks."""

from tests.support.desk import DeskWorld


def test_nobody_is_sent_to_sign_in(desk: DeskWorld) -> None:
    answer = desk.client().get("/desk/nothing-here")
    assert answer.status_code == 404
