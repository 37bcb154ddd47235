"""A web page as a tree, read strictly: what is left open, closed twice or closed in the wrong order is a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "wbr", "br", "hr", "img", "link"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    line: int
    parent: Node | None = field(default=None, repr=False)
    children: list[Node | str] = field(default_factory=list, repr=False)

    def all(self, *tags: str) -> Iterator[Node]:
        """All nodes below with one of these tags (any, where none is named), in the order of the page."""
        for child in self.children:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        """Its words, single spaced."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()

    def within(self, tag: str) -> Node | None:
        """The nearest node above with this tag."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above


class PageReader(HTMLParser):
    """Builds the tree; `mistakes` says what was not well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {}, 0)
        self.mistakes: list[str] = []
        self._at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.mistakes.append(f"line {line}: <{tag}> says {names} twice")
        node = Node(tag, {name: value or "" for name, value in attrs}, line, self._at)
        self._at.children.append(node)
        if tag not in VOID:
            self._at = node

    def handle_endtag(self, tag: str) -> None:
        if self._at.tag != tag or self._at.parent is None:
            self.mistakes.append(f"line {self.getpos()[0]}: </{tag}> closes <{self._at.tag}> of line {self._at.line}")
            return
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.children.append(data)


def read_page(html: str) -> PageReader:
    reader = PageReader()
    reader.feed(html)
    reader.close()
    if reader._at is not reader.root:
        reader.mistakes.append(f"<{reader._at.tag}> of line {reader._at.line} is never closed")
    return reader
