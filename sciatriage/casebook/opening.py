"""Where the casebook is kept, and how a server opens it."""

from __future__ import annotations

import os
from pathlib import Path

from sciatriage.casebook.late import LateCasebook
from sciatriage.casebook.records import CasebookError
from sciatriage.casebook.sql import SqlCasebook

SETTING = "SCIATRIAGE_CASEBOOK_URL"


def casebook_url(home: Path) -> str:
    """The database's address: $SCIATRIAGE_CASEBOOK_URL, or SQLite in `home`/casebook.sqlite3 (made when first opened).

    Raises CasebookError where `home` has a "?" in it, which no such address can hold.
    """
    chosen = os.environ.get(SETTING, "").strip()
    if chosen:
        return chosen
    file = home.absolute() / "casebook.sqlite3"
    if "?" in str(file):
        raise CasebookError(f"the casebook can't be kept in {file}: a database address can't hold a question mark")
    return f"sqlite:///{file}"


def open_casebook(home: Path) -> LateCasebook:
    """The casebook a server uses: its tables brought up to date before first use, outages waited out in memory.

    Connects to nothing yet; raises CasebookError only where the address can't be used.
    """
    return LateCasebook(SqlCasebook(casebook_url(home), migrates=True))
