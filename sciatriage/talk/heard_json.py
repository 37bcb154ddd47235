"""What was heard, as plain JSON and back: the form in which it travels from the ear to the talk through a tracker."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sciatriage.triage.vocabulary import Act, Heard, Mention, Status


def heard_to_json(heard: Heard) -> dict[str, Any]:
    """All of `heard` in dicts, lists, strings and numbers."""
    return {
        "text": heard.text,
        "mentions": [mention_to_json(mention) for mention in heard.mentions],
        "values": dict(heard.values),
        "act": heard.act.value,
        "unheard": list(heard.unheard),
        "about": heard.about,
        "language": heard.language,
        "topic": heard.topic,
    }


def heard_from_json(told: Mapping[str, Any]) -> Heard:
    """The inverse of `heard_to_json`; what is missing gets its ordinary value."""
    return Heard(
        text=str(told.get("text") or ""),
        mentions=tuple(mention_from_json(mention) for mention in told.get("mentions") or ()),
        values=MappingProxyType(dict(told.get("values") or {})),
        act=Act(told.get("act") or Act.TELL),
        unheard=tuple(told.get("unheard") or ()),
        about=told.get("about"),
        language=str(told.get("language") or "en"),
        topic=told.get("topic"),
    )


def mention_to_json(mention: Mention) -> dict[str, Any]:
    """One mention as a dict."""
    return {
        "finding": mention.finding,
        "status": mention.status.value,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "by": mention.by,
        "confidence": mention.confidence,
        "side": mention.side,
    }


def mention_from_json(told: Mapping[str, Any]) -> Mention:
    """The inverse of `mention_to_json`."""
    return Mention(
        finding=str(told["finding"]),
        status=Status(told["status"]),
        start=int(told.get("start") or 0),
        end=int(told.get("end") or 0),
        text=str(told.get("text") or ""),
        by=str(told.get("by") or ""),
        confidence=float(told.get("confidence", 1.0)),
        side=told.get("side"),
    )
