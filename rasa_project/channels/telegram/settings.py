"""What the channel is told from outside: the environment first, then credentials.yml."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PUBLIC_API = "https://api.telegram.org"


@dataclass(frozen=True)
class Settings:
    """`token` empty: Telegram is off. `webhook_url` empty: the webhook was set by hand, with `secret`."""

    token: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    api_base: str = PUBLIC_API
    webhook_url: str = ""

    @property
    def bot_id(self) -> str:
        """The public half of the token: which bot this is."""
        number = self.token.partition(":")[0]
        return number if number.isdigit() else "bot"


def read_settings(credentials: Mapping[str, Any] | None = None) -> Settings:
    """SCIATRIAGE_TELEGRAM_TOKEN, _SECRET, _API_BASE and _WEBHOOK_URL, or the same names in lower case in credentials.

    Without a secret one is derived from the token: the webhook is never open to whoever finds its address.
    """
    given = credentials or {}

    def setting(name: str) -> str:
        value = os.environ.get(f"SCIATRIAGE_TELEGRAM_{name.upper()}") or str(given.get(name) or "")
        return "" if value.startswith("${") else value.strip()

    token = setting("token")
    return Settings(
        token=token,
        secret=setting("secret") or derived_secret(token),
        api_base=(setting("api_base") or PUBLIC_API).rstrip("/"),
        webhook_url=setting("webhook_url"),
    )


def derived_secret(token: str) -> str:
    """A secret only the token's owner can work out; empty without a token."""
    return hmac.new(token.encode(), b"sciatriage telegram webhook", hashlib.sha256).hexdigest() if token else ""
