"""What agents do on a conversation's page, and requests that arrive when a story wants them to."""

import re

import sqlalchemy as sa
from playwright.sync_api import APIResponse, Page, Route, expect

from conversations.ownership import Event
from core.database import reading
from core.schema import ownership_events
from tests.desk.writing.acts import written
from tests.support.desk import DeskWorld
from tests.support.desk_site import DeskSite, settle


class Held:
    """Requests that a browser has sent and nobody has answered yet."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def hold(self, page: Page, address: str) -> None:
        """From now on the page's requests to this address wait."""
        page.route(re.compile(address), lambda route: self._routes.append(route))

    def wait(self, page: Page, number: int) -> None:
        """Until so many wait."""
        for _ in range(500):
            if len(self._routes) >= number:
                return
            page.wait_for_timeout(20)
        raise AssertionError(f"{len(self._routes)} requests of {number}")

    def let_go(self) -> None:
        """All at once."""
        waiting, self._routes = self._routes, []
        for route in waiting:
            route.continue_()


class Late:
    """Answers that the server has given and the browser has not got yet."""

    def __init__(self) -> None:
        self._answers: list[tuple[Route, APIResponse]] = []

    def hold(self, page: Page, address: str) -> None:
        """The answer to the page's next request to this address."""
        page.route(re.compile(address), lambda route: self._answers.append((route, route.fetch())), times=1)

    def wait(self, page: Page) -> None:
        """Until one is there."""
        for _ in range(1000):
            if self._answers:
                return
            page.wait_for_timeout(20)
        raise AssertionError("nothing was asked")

    def let_go(self) -> None:
        """All at once."""
        waiting, self._answers = self._answers, []
        for route, answer in waiting:
            route.fulfill(response=answer)


def opened(site: DeskSite, conversation_id: str, name: str = "anna", **agent: object) -> Page:
    """The agent's page of the conversation, with everything in it. The agent is away: nothing is given to them."""
    page = site.page(name, f"/c/{conversation_id}", agent={"presence": "away", **agent})
    page.wait_for_selector("[data-composer][data-ready]")
    settle(page)
    return page


def write(page: Page, text: str) -> None:
    """Put the text into the composer; what will leave has been looked at then."""
    with page.expect_response(re.compile("/preview$")):
        page.get_by_label("Your answer").fill(text)
    expect(page.locator("form[data-composer]:not([data-looking])")).to_be_visible()


def answer(page: Page) -> None:
    """Send what stands in the composer."""
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()


def texts(world: DeskWorld, conversation_id: str) -> list[str]:
    """What agents have sent."""
    return [message.text for message in written(world, conversation_id)]


def count(world: DeskWorld, conversation_id: str, event: Event) -> int:
    """How often it happened."""
    statement = sa.select(sa.func.count()).where(
        ownership_events.c.conversation_id == conversation_id, ownership_events.c.event == event.value
    )
    with reading(world.engine) as connection:
        return int(connection.execute(statement).scalar_one())
