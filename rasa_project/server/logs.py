"""Logs that can be shown to anybody: where something failed and what kind it was, never what a person said."""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from types import TracebackType
from typing import Any

import structlog

QUIET = (
    "rasa",
    "rasa_sdk",
    "sanic",
    "sanic.root",
    "sanic.error",
    "tensorflow",
    "asyncio",
    "apscheduler",
    "matplotlib",
    "alembic",
)


class Discreet(logging.Formatter):
    """Tracebacks without the exceptions' messages, which may quote a person's words."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Type and places, from the outermost call to the innermost, and the same of each cause."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(f"{type(error).__name__} at {' > '.join(_places(error.__traceback__))}")
            error = error.__cause__ or error.__context__
        return "\n  caused by ".join(lines)


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-6:]]


def set_up() -> None:
    """One line an event on standard error; Rasa, TensorFlow and the web server only where something is wrong."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    warnings.filterwarnings("ignore")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Unconfigured, structlog prints Rasa's debug lines, texts and slots included, to standard output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
