"""What rests upon the database passes on PostgreSQL too. `AFTERSAIL_TEST_POSTGRES=1 pytest …` runs any other suite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import postgres

ROOT = Path(__file__).parent.parent
SUITES = (
    "conversations/test_ownership_races.py",
    "conversations/test_receive.py",
    "conversations/test_work.py",
    "conversations/test_inbox.py",
    "conversations/test_outbox.py",
    "conversations/test_dead_letters.py",
    "conversations/test_hand_back.py",
    "desk/queue/test_list.py",
)


@pytest.mark.postgres
@pytest.mark.timeout(600)  # forty seconds on a quiet machine
def test_the_suites_of_the_record_pass_on_postgresql() -> None:
    address = postgres.server().render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *(f"tests/{path}" for path in SUITES)],
        env={**os.environ, postgres.VARIABLE: address},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
