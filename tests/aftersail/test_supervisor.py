"""`aftersail up`: starts its processes, keeps them alive, gives up with a reason, leaves nothing behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from aftersail.supervisor import MAX_DEATHS
from tests.support.installation import Installation, install
from tests.support.live import free_port
from tests.support.service import Service

pytestmark = [pytest.mark.model, pytest.mark.slow]


def until(condition: Callable[[], bool], timeout_s: float = 40.0) -> bool:
    """Whether it came true in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_dead_process_is_started_again(installation: Installation) -> None:
    with Service(installation) as service:
        for part in ("web", "worker"):
            before = service.child(part)
            assert before is not None
            before.kill()
            assert until(lambda part=part, before=before: service.child(part) not in (None, before))
            service.wait_ready(40)
        assert "starting it again" in service.log.read_text()
        children = [service.child(part) for part in ("web", "worker")]
        assert service.stop() == 0
    assert not [child for child in children if child and child.is_running()]


def test_a_process_that_keeps_dying_ends_it_all(installation: Installation) -> None:
    with Service(installation) as service:
        worker = service.child("worker")
        for _ in range(MAX_DEATHS):
            web = service.child("web")
            assert web is not None
            web.kill()
            assert until(lambda web=web: not service.is_up() or service.child("web") not in (None, web))
        assert until(lambda: not service.is_up())
        assert service.stop() == 1
        assert f"web died {MAX_DEATHS} times in a minute" in service.log.read_text()
        assert worker is not None
        assert until(lambda: not worker.is_running())


def test_a_part_that_cannot_start_says_why(tmp_path: Path) -> None:
    installation = install(tmp_path / "var")
    installation.remove_model("rasa.tar.gz")
    done = installation.run("up", PORT=str(free_port()))
    assert done.code == 1
    said = " ".join(done.err.split())
    assert "worker-1 cannot start" in said
    assert "rasa.tar.gz is missing" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_on_request_before_it_is_ready(installation: Installation, number: signal.Signals) -> None:
    process = subprocess.Popen(
        installation.command("up"),
        env=installation.environment(PORT=str(free_port())),
        cwd=installation.folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        parent = psutil.Process(process.pid)
        assert until(lambda: len(parent.children()) == 2)
        children = parent.children()
        os.kill(process.pid, number)
        assert process.wait(30) == 0
        assert until(lambda: not any(child.is_running() for child in children))
    finally:
        process.kill()
        process.wait()
