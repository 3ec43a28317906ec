"""python -m tests.simulators.whatsapp --port 8091 --webhook http://127.0.0.1:8080/webhooks/whatsapp"""

import argparse
import sys
from pathlib import Path

from tests.simulators.whatsapp.serve import serve


def main() -> None:
    """Serve with the arguments of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulators.whatsapp", description=__doc__)
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--webhook", default="", help="where the product takes webhooks")
    parser.add_argument("--config", type=Path, help="YAML with the fields of SimulatorConfig")
    given = parser.parse_args()
    serve(given.port, given.webhook, given.config, given.host, lambda text: print(text, file=sys.stderr, flush=True))


if __name__ == "__main__":
    main()
