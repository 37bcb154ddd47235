"""`python -m rasa_project.server`: serve everything on $HOST:$PORT (127.0.0.1:5005)."""

from __future__ import annotations

import argparse
import os
import warnings
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m rasa_project.server", description="Serve page, REST and Telegram.")
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 5005))
    chosen = parser.parse_args(arguments)

    from rasa_project.server import logs

    logs.set_up()
    from rasa_project.server.app import make_app

    # Sanic shows deprecations from its import on; those of the pinned libraries among each other help nobody here.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    app = make_app(chosen.host, chosen.port)
    app.run(host=chosen.host, port=chosen.port, workers=1, access_log=False, debug=False, motd=False)


if __name__ == "__main__":
    main()
