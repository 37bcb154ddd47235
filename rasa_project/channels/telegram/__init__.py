"""The Telegram channel: updates in, sayings out, on aiohttp alone. `GuardedTelegram` is what a server mounts."""

from rasa_project.channels.telegram.channel import GuardedTelegram

__all__ = ["GuardedTelegram"]
