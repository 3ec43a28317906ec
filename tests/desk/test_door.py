"""The one door of the desk: session, right, cross-site checks, sizes, and what somebody sees when it is shut."""

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from conversations.outgoing import Blocked
from conversations.ownership_errors import AlreadyTaken
from core.errors import AftersailError, NotFound, OrderSourceDown, RetryLater
from desk.errors import DeskError, ForgedForm, InvalidForm, NotAllowed, NotSignedIn, TooMuch, TooOften
from desk.viewer import RIGHTS, Right, Role, Viewer
from desk.web.ask import Ask
from desk.web.assets import Assets
from desk.web.render import Pages
from desk.web.routing import COOKIE, MAX_FIELDS, MAX_FORM, MAX_UPLOAD, Door, Page
from desk.web.words import load_words
from tests.support.desk import DeskWorld

# Whoever has not signed in may open these, and nothing else.
PUBLIC = {
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/openid",
    "GET /sign-in/openid/callback",
    "GET /link",
    "POST /link",
}
# Programs open these with a secret of their own; without it they are refused.
PROGRAMS = {"GET /api/conversations/{id}/packet"}
# Every role may open these: they show and change nothing but the viewer's own.
OWN = {
    "GET /",
    "POST /sign-out",
    "POST /sign-out/everywhere",
    "GET /profile",
    "POST /profile",
    "POST /profile/password",
    "POST /profile/sessions/end",
    "GET /presence",
    "POST /presence",
    "POST /presence/beat",
    "GET /stream",
}


def mount_of(desk: DeskWorld) -> Mount:
    """The desk, among what else the web process serves for it: files at addresses that are signed."""
    (mount,) = [route for route in desk.routes if isinstance(route, Mount)]
    assert {route.path for route in desk.routes if isinstance(route, Route)} == {"/media/{token}"}
    return mount


def pages_of(desk: DeskWorld) -> Sequence[Page]:
    """Every page that the desk serves, as it was registered."""
    mount = mount_of(desk)
    found = [inspect.getclosurevars(route.endpoint).nonlocals.get("page") for route in mount.routes]
    pages = [page for page in found if page is not None]
    assert len(pages) == len(mount.routes) - 1  # the style sheets and scripts
    return pages


def named(page: Page) -> str:
    """Method and path."""
    return f"{page.method} {page.path}"


def ask_for(client: TestClient, page: Page, conversation_id: str = "none", **headers: str) -> Response:
    """The page asked for; a form is empty."""
    path = page.path.replace("{id}", conversation_id)
    path = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
    return client.request(page.method, f"/desk{path}", headers=headers)


def test_nobody_gets_past_the_door(desk: DeskWorld) -> None:
    client = desk.client()
    for page in pages_of(desk):
        answer = ask_for(client, page)
        if named(page) in PROGRAMS:
            assert answer.status_code in (401, 403, 404)
        elif named(page) in PUBLIC:
            assert page.right is None
            assert "/desk/sign-in?next=" not in answer.headers.get("location", "")
        elif page.method == "GET":
            assert answer.headers["location"].startswith("/desk/sign-in?next=%2Fdesk"), named(page)
        else:
            assert answer.headers["hx-redirect"] == "/desk/sign-in", named(page)
            assert answer.status_code == 401, named(page)


@pytest.mark.parametrize("role", list(Role))
def test_the_wrong_role_is_refused_everywhere(desk: DeskWorld, role: Role) -> None:
    client = desk.client("somebody", role=role.value)
    for page in pages_of(desk):
        if page.right is not None and page.right not in RIGHTS[role]:
            assert ask_for(client, page).status_code == 403, named(page)


def test_pages_have_the_right_that_their_place_needs(desk: DeskWorld) -> None:
    for page in pages_of(desk):
        if page.right is Right.SIGNED_IN:
            assert named(page) in OWN, named(page)
        elif page.path.startswith("/people"):
            assert page.right is Right.PEOPLE
        elif page.path.startswith("/audit"):
            assert page.right is Right.AUDIT
        elif page.path.startswith("/c/") and page.method == "POST":
            assert page.right in {Right.READ, Right.ANSWER, Right.DECIDE}, named(page)
        else:
            assert page.right is not None or named(page) in PUBLIC | PROGRAMS, named(page)


def test_every_form_needs_the_sessions_token(desk: DeskWorld) -> None:
    client = desk.client("root", role="admin")
    client.headers["x-csrf-token"] = "wrong"
    forms = [page for page in pages_of(desk) if page.method != "GET" and page.right is not None]
    assert len(forms) > 10
    for page in forms:
        answer = ask_for(client, page, accept="application/json")
        assert (answer.status_code, answer.json()["error"]) == (403, "ForgedForm"), named(page)


@pytest.mark.parametrize("role", ["agent", "lead", "admin"])
def test_another_markets_conversation_does_not_exist(desk: DeskWorld, role: str) -> None:
    waiting = desk.waiting(market="DE")
    client = desk.client("somebody", role=role, markets=["FR"])
    before = desk.conversation(waiting.conversation_id)
    for page in pages_of(desk):
        if not page.path.startswith("/c/{id}"):
            continue
        answer = ask_for(client, page, waiting.conversation_id)
        refused = {404} if page.method == "GET" else {404, 422}
        assert answer.status_code in refused | {403}, named(page)
        if answer.status_code != 404:  # then it says nothing that it does not say of any other
            assert answer.status_code == ask_for(client, page, "none").status_code, named(page)
    assert desk.conversation(waiting.conversation_id) == before


# --- a door of our own -----------------------------------------------------------------------------------------------

Opens = Callable[..., TestClient]


def echo(ask: Ask) -> Response:
    """What was sent, counted."""
    sizes = {name: len(data) for name, (_, data) in ask.files.items()}
    return ask.json({"form": dict(ask.form), "files": sizes})


@pytest.fixture
def opens(desk: DeskWorld) -> Opens:
    """Makes a browser, signed in, in front of pages that the test gives."""

    def open_(*pages: Page, **agent: str) -> TestClient:
        browser = desk.client("anna", **agent)
        routes = Door(desk.parts.deps, Pages(Assets())).routes(pages)
        client = TestClient(
            Starlette(routes=routes), base_url="http://desk.test", headers=browser.headers, cookies=browser.cookies
        )
        client.follow_redirects = False
        return client

    return open_


FORM = Page("/form", echo, Right.SIGNED_IN, "POST")
UPLOAD = Page("/upload", echo, Right.SIGNED_IN, "POST", uploads=True)


@pytest.mark.parametrize(
    ("page", "size", "status"),
    [
        (FORM, MAX_FORM - 100, 200),
        (FORM, MAX_FORM + 1, 413),
        (UPLOAD, MAX_FORM + 1, 200),
        (UPLOAD, MAX_UPLOAD + 1, 413),
    ],
)
def test_a_form_is_bounded(opens: Opens, page: Page, size: int, status: int) -> None:
    answer = opens(page).post(page.path, data={"text": "x" * size})
    assert answer.status_code == status


def test_a_form_that_says_no_length_is_bounded(opens: Opens) -> None:
    def chunks():
        yield b"text="
        for _ in range(300):
            yield b"x" * 1_000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert opens(FORM).post("/form", content=chunks(), headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("page", "sent", "status"),
    [
        (FORM, {"files": {"file": ("a.png", b"x")}}, 422),
        (UPLOAD, {"files": {"file": ("a.png", b"x" * 1_000_000)}}, 200),
        (UPLOAD, {"files": [("file", (f"{number}.png", b"x")) for number in range(6)]}, 422),
        (FORM, {"files": {f"f{number}": (None, "x") for number in range(MAX_FIELDS)}}, 200),
        (FORM, {"files": {f"f{number}": (None, "x") for number in range(MAX_FIELDS + 1)}}, 422),
        (FORM, {"content": b"--x\r\nbroken", "headers": {"content-type": "multipart/form-data; boundary=y"}}, 422),
        (FORM, {"content": b"--", "headers": {"content-type": "multipart/form-data"}}, 422),
        (FORM, {"content": b"{}", "headers": {"content-type": "application/json"}}, 200),
        (FORM, {"content": b"a=%ff%00", "headers": {"content-type": "application/x-www-form-urlencoded"}}, 200),
    ],
)
def test_odd_forms(opens: Opens, page: Page, sent: dict, status: int) -> None:
    assert opens(page).post(page.path, **sent).status_code == status


def test_the_last_of_two_fields_counts(opens: Opens) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert opens(FORM).post("/form", content="a=1&a=2", headers=headers).json()["form"] == {"a": "2"}


FAILURES: list[tuple[Exception, int, str]] = [
    (NotFound("secret detail"), 404, "does not exist"),
    (NotAllowed("secret detail"), 403, "Your role"),
    (ForgedForm("secret detail"), 403, "Reload"),
    (InvalidForm("amount"), 422, "amount"),
    (TooMuch("secret detail"), 413, "too large"),
    (TooOften(90), 429, "90 seconds"),
    (AlreadyTaken("secret detail"), 409, "quicker"),
    (Blocked([]), 409, "must not leave"),
    (RetryLater("secret detail"), 503, "does not answer"),
    (OrderSourceDown("secret detail"), 503, "does not answer"),
    (OperationalError("secret detail", {}, Exception("secret detail")), 503, "busy"),
    (AftersailError("secret detail"), 500, "went wrong"),
]


@pytest.mark.parametrize(("error", "status", "says"), FAILURES, ids=lambda value: type(value).__name__)
def test_a_failure_says_what_to_do(opens: Opens, error: Exception, status: int, says: str) -> None:
    def fail(_: Ask) -> Response:
        raise error

    client = opens(Page("/fail", fail))
    page = client.get("/fail")
    assert page.status_code == status
    assert says in page.text
    assert "secret detail" not in page.text
    part = client.get("/fail", headers={"hx-request": "true"})
    assert part.status_code == status
    assert part.headers["hx-reswap"] == "none"
    toast = json.loads(part.headers["hx-trigger"])["toast"]
    assert toast["kind"] == "error"
    assert says in toast["text"]
    assert "secret detail" not in part.text
    data = client.get("/fail", headers={"accept": "application/json"}).json()
    assert data == {"error": type(error).__name__, "text": toast["text"]}


def test_too_often_says_when(opens: Opens) -> None:
    def fail(_: Ask) -> Response:
        raise TooOften(89.6)

    assert opens(Page("/fail", fail)).get("/fail").headers["retry-after"] == "90"


def test_a_toast_in_any_language_is_a_header(opens: Opens) -> None:
    def fail(_: Ask) -> Response:
        raise NotAllowed

    answer = opens(Page("/fail", fail), interface="zh").get("/fail", headers={"hx-request": "true"})
    assert "您的角色" in json.loads(answer.headers["hx-trigger"])["toast"]["text"]


def test_every_refusal_has_words() -> None:
    def kinds(kind: type) -> set[type]:
        return {kind}.union(*(kinds(sub) for sub in kind.__subclasses__()))

    words = load_words()["en"]
    refusals = kinds(DeskError) - {DeskError, NotSignedIn}  # one is not raised, the other leads to the form
    assert len(refusals) > 5
    assert not [kind for kind in refusals if not any(words.has(f"errors.{base.__name__}") for base in kind.__mro__)]


class BusyDoorkeeper:
    """Its database does not answer."""

    def viewer(self, token: str) -> Viewer | None:
        """Raises OperationalError."""
        raise OperationalError("secret detail", {}, Exception("secret detail"))


def test_a_session_that_cannot_be_read_is_told(desk: DeskWorld) -> None:
    deps = replace(desk.parts.deps, doorkeeper=BusyDoorkeeper())
    app = Starlette(routes=Door(deps, Pages(Assets())).routes([Page("/a", echo)]))
    answer = TestClient(app, cookies={COOKIE: "x"}).get("/a")
    assert answer.status_code == 503
    assert "busy" in answer.text


def test_a_handler_may_be_asynchronous(opens: Opens) -> None:
    async def handler(ask: Ask) -> Response:
        return PlainTextResponse(ask.viewer.name)

    assert opens(Page("/a", handler)).get("/a").text == "anna"


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_open_nothing(desk: DeskWorld, method: str) -> None:
    client = desk.client("root", role="admin")
    for page in pages_of(desk):
        if "{" not in page.path:
            answer = client.request(method, f"/desk{page.path}")
            assert answer.status_code == 405 or method == "HEAD", named(page)


@pytest.mark.parametrize("name", ["%2e%2e/viewer.py", "nothing.js", "README.md", "", "vendor"])
def test_only_files_of_the_desk_are_sent(desk: DeskWorld, name: str) -> None:
    assert desk.client().get(f"/desk/static/x/{name}").status_code == 404


def test_routes_are_what_the_test_takes_them_for(desk: DeskWorld) -> None:
    assert all(isinstance(route, Route) for route in mount_of(desk).routes)
