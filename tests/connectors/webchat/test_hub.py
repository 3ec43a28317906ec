from connectors.webchat.hub import MAX_SEATS, Hub, Seat


async def test_wake_reaches_the_sockets_of_one_conversation() -> None:
    hub, one, two = Hub(), Seat("v", "c1"), Seat("w", "c2")
    assert hub.join(one)
    assert hub.join(two)
    assert hub.wake("c1") == 1
    assert one.bell.is_set()
    assert not two.bell.is_set()
    assert hub.wake("unknown") == 0
    hub.wake_all()
    assert two.bell.is_set()


async def test_a_visitor_has_a_bounded_number_of_sockets() -> None:
    hub = Hub()
    seats = [Seat("v", "c") for _ in range(MAX_SEATS + 1)]
    assert [hub.join(seat) for seat in seats] == [True] * MAX_SEATS + [False]
    hub.leave(seats[0])
    assert hub.join(seats[-1])
    assert len(hub) == MAX_SEATS


async def test_move_takes_every_socket_of_the_visitor_along() -> None:
    hub, seats, other = Hub(), [Seat("v", "c1"), Seat("v", "c1")], Seat("w", "c1")
    for seat in [*seats, other]:
        hub.join(seat)
    hub.move("v", "c2")
    assert hub.wake("c2") == 2
    assert hub.wake("c1") == 1
    assert other.conversation_id == "c1"


async def test_nothing_is_kept_of_those_who_left() -> None:
    hub, seat = Hub(), Seat("v", "c1")
    hub.join(seat)
    hub.leave(seat)
    hub.leave(seat)
    assert len(hub) == 0
    assert hub.wake("c1") == 0


def test_a_note_wakes_and_tells_of_a_person_who_types() -> None:
    hub, seat, other = Hub(), Seat("v1", "c1"), Seat("v2", "c2")
    assert hub.join(seat)
    assert hub.join(other)
    hub.hear("c1")
    assert (seat.bell.is_set(), seat.news_of_agent()) == (True, None)
    hub.hear("typing:c1:agent:aiko.tanaka:1")
    assert (seat.news_of_agent(), seat.news_of_agent()) == (True, None)
    hub.hear("typing:c1:agent:aiko.tanaka:0\tAiko T.")  # the name is for colleagues
    assert seat.news_of_agent() is False
    hub.hear("typing:c1:customer:1")  # told to the desk, not to the customer
    assert seat.news_of_agent() is None
    assert not other.bell.is_set()
