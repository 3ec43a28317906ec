"""`aftersail train`: trains the Rasa model when its inputs have changed."""

import hashlib
import os
import subprocess
import sys
import time

from rich.console import Console

from bot.model_file import MODEL_FILE
from core.errors import SetupError
from core.settings import PROJECT, Settings
from knowledge.embedder import open_embedder

STAMP_FILE = "rasa.inputs"
TIMEOUT_S = 1_800
# The code that makes the model; other code may change without training.
CODE = (
    "bot/components/intent_classifier.py",
    "bot/components/message_embedder.py",
    "bot/components/surface_featurizer.py",
    "bot/importer.py",
    "bot/message_text.py",
    "glossaries/masks.py",
)
SHOWN_LINES = 15


def train_model(settings: Settings, console: Console, *, force: bool) -> None:
    """The model in models_dir, fit to the files as they are. Raises SetupError, ContentError."""
    stamp = _fingerprint(settings)
    model, stamp_path = settings.models_dir / MODEL_FILE, settings.models_dir / STAMP_FILE
    if not force and is_current(settings, stamp):
        console.print("The dialogue model is up to date.")
        return
    started = time.monotonic()
    with console.status("Training the dialogue model (a minute or two) …"):
        _train(settings)
    stamp_path.write_text(stamp)
    console.print(f"Trained the dialogue model in {time.monotonic() - started:.0f} s: {model}")


def is_current(settings: Settings, stamp: str = "") -> bool:
    """Whether the model was trained from the files as they are; `stamp`: their fingerprint, if known."""
    stamp_path = settings.models_dir / STAMP_FILE
    if not (settings.models_dir / MODEL_FILE).is_file() or not stamp_path.is_file():
        return False
    return stamp_path.read_text() == (stamp or _fingerprint(settings))


def _train(settings: Settings) -> None:
    """Train in a process of its own, whose many lines go to a file; its end is shown when training fails."""
    log = settings.data_dir / "train.log"
    # A cached part would be reused although an embedder or the knowledge base changed outside of its own data.
    environment = {
        **os.environ,
        "RASA_MAX_CACHE_SIZE": "0",
        "AFTERSAIL_DATA_DIR": str(settings.data_dir.resolve()),
        "AFTERSAIL_CONTENT_DIR": str(settings.content_dir.resolve()),
    }
    command = [sys.executable, "-m", "bot.train"]
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_S,
            check=False,
        )
    if done.returncode:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-SHOWN_LINES:])
        raise SetupError(f"Training failed; the end of {log}:\n{end}")


def _fingerprint(settings: Settings) -> str:
    root = settings.content_dir
    files = [root / "config.yml", root / "domain.yml", *sorted((root / "bot" / "data").rglob("*.yml"))]
    files += [*sorted((root / "knowledge" / "data" / "faq").glob("*.yml")), *(PROJECT / name for name in CODE)]
    digest = hashlib.sha256(open_embedder(settings).fingerprint.encode())
    for path in files:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
