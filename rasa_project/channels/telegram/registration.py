"""Telling Telegram where to send updates: in the background, for as long as it takes."""

from __future__ import annotations

import asyncio
import logging

from rasa_project.channels.telegram.bot_api import BotApi, RefusedError, UnreachableError
from rasa_project.channels.telegram.settings import Settings

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = ["message", "callback_query"]
LONGEST_PAUSE = 300.0  # seconds between two tries


async def register_webhook(api: BotApi, settings: Settings, pause: float = 1.0) -> None:
    """Call setWebhook until Telegram agrees. A Telegram that is away stops nothing else."""
    while True:
        try:
            await api.call(
                "setWebhook",
                tries=1,
                url=settings.webhook_url,
                secret_token=settings.secret,
                allowed_updates=ALLOWED_UPDATES,
            )
        except RefusedError as error:
            logger.error("Telegram refuses the webhook (check the token, the secret and the address): %s", error)
        except UnreachableError:
            logger.warning("Telegram can't be reached; trying again in %.0f s", pause)
        else:
            logger.info("Telegram sends its updates here")
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
