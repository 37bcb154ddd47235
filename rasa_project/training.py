"""`python -m rasa_project.training`: train where something a model is made of has changed, else say so and be done.

What it is made of: Rasa's four files and data/, the knowledge, the hearing (code and data), the components and
policies of this project, and the versions of Rasa, spaCy and scikit-learn. The model's name carries the fingerprint.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from rasa_project import home

PARTS = (
    "config.yml",
    "domain.yml",
    "data",
    "rasa_project/components",
    "rasa_project/importers",
    "rasa_project/policies",
    "sciatriage/hearing",
    "sciatriage/talk/heard_json.py",
    "sciatriage/triage/vocabulary.py",
)
PACKAGES = ("rasa", "spacy", "scikit-learn")
KEPT = 3
"""Models that stay: the newest and, to go back to, those before it."""


def fingerprint() -> str:
    """A hash of everything that a model is made of."""
    from sciatriage.triage.knowledge import knowledge_folder

    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    for part in (*(home.ROOT / part for part in PARTS), knowledge_folder()):
        for file in _files(part):
            digest.update(f"{file.relative_to(part.parent).as_posix()}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def model_for(print_: str) -> Path:
    """Where the model with this fingerprint is or will be."""
    return home.models() / f"sciatriage-{print_[:16]}.tar.gz"


def train(force: bool = False) -> Path:
    """The model of today's files, trained if it isn't there yet; its time of change is renewed, so it is the newest."""
    model = model_for(fingerprint())
    with one_at_a_time():
        if model.is_file() and not force:
            os.utime(model)
            print(f"Nothing has changed: {model} is up to date.")
            return model
        print(f"Training {model.name} (about half a minute) ...", flush=True)
        began = time.monotonic()
        # Trained aside and moved when whole: a server never finds half a model.
        os.replace(_train(model.name), model)
        print(f"Trained in {time.monotonic() - began:.0f} seconds: {model}")
        _forget_old_models()
    return model


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait while another process trains for the same SCIATRIAGE_HOME."""
    with (home.home() / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _train(name: str) -> Path:
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(home.home() / "cache"))
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # what Rasa asks before it draws a hundred progress bars
    from rasa.model_training import train as rasa_train

    warnings.filterwarnings("ignore", category=DeprecationWarning)  # Sanic, imported just now, shows them
    logging.getLogger("rasa.engine.training.hooks").setLevel(logging.INFO)

    result = rasa_train(
        domain=str(home.ROOT / "domain.yml"),
        config=str(home.ROOT / "config.yml"),
        training_files=[str(home.ROOT / "data")],
        output=str(home.home() / "training"),
        fixed_model_name=name,
        force_training=True,
    )
    if result.code != 0 or not result.model:
        raise SystemExit(f"training failed (code {result.code})")
    return Path(result.model)


def _forget_old_models() -> None:
    models = sorted(home.models().glob("sciatriage-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-KEPT]:
        old.unlink()


def _files(part: Path) -> Iterator[Path]:
    if part.is_file():
        yield part
        return
    for file in sorted(part.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file


def main(arguments: Sequence[str] | None = None) -> None:
    """Train if needed, showing progress."""
    parser = argparse.ArgumentParser(prog="python -m rasa_project.training", description="Train where needed.")
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    chosen = parser.parse_args(arguments)
    from rasa_project.server import logs

    logs.set_up()
    sys.path.insert(0, str(home.ROOT))
    train(chosen.force)


if __name__ == "__main__":
    main()
