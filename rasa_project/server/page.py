"""The page and the widget's files, and the headers that go with every answer."""

from __future__ import annotations

import re
from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_project.home import ROOT

FOLDER = ROOT / "widget" / "page"
SUFFIXES = {".html", ".css", ".js", ".svg", ".png", ".ico", ".webmanifest", ".json", ".txt"}

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def serve_page(app: Sanic, folder: Path = FOLDER) -> None:
    """Serve index.html at "/", and each file of the folder under "/page/". Files are listed here, at the start."""
    app.static("/", str(folder / "index.html"), name="page")
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix in SUFFIXES:
            path = file.relative_to(folder).as_posix()
            app.static(f"/page/{path}", str(file), name="page_" + re.sub(r"\W", "_", path))


def add_headers(app: Sanic) -> None:
    """Put the security headers on every answer; nothing of a conversation is stored by a browser or a proxy."""

    @app.middleware("response")
    async def headers(request: Request, answer: HTTPResponse) -> None:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if request.path.startswith(("/webhooks", "/health", "/plain")):
            answer.headers.setdefault("Cache-Control", "no-store")
        else:
            answer.headers.setdefault("Cache-Control", "no-cache")
