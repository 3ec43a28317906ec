"""python -m tests.simulators.line --port 8092 --webhook http://127.0.0.1:8080/webhooks/line"""

import argparse
from pathlib import Path

from tests.simulators.line.serve import serve


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulators.line", description="Simulate the LINE platform.")
    parser.add_argument("--port", type=int, default=8092)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--webhook", default="", help="where webhooks go: http://127.0.0.1:8080/webhooks/line")
    parser.add_argument("--config", type=Path, default=None, help="YAML with the fields of SimulatorConfig")
    given = parser.parse_args()
    serve(given.port, given.webhook, given.config, given.host)


if __name__ == "__main__":
    main()
