"""Where things lie: the repository's folders, and SCIATRIAGE_HOME with this clinic's state."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder of databases and models: $SCIATRIAGE_HOME, else `var` in the repository. Made if missing."""
    folder = Path(os.environ.get("SCIATRIAGE_HOME") or ROOT / "var").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def models() -> Path:
    """The folder of trained models."""
    folder = home() / "models"
    folder.mkdir(exist_ok=True)
    return folder


def newest_model() -> Path | None:
    """The model trained last, None where there is none."""
    found = sorted(models().glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None
