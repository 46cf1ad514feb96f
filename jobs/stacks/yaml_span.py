"""Where one key of a stack file's ``config`` stands, to the character, so that nothing else needs rewriting.

A load and a dump would change quotes, indents, line ends and comments all over the file. So the parser only tells
where the key's lines begin and end; the text in between is replaced. What cannot be replaced without touching other
lines is refused, with its line.
"""

from __future__ import annotations

import re
import shlex
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from jobs.stacks.conflict_markers import conflicts

BOM = "\ufeff"
MAX_BYTES = 16 * 1024 * 1024
_BREAK = re.compile(r"\r\n|\n|\r")


class Unwritable(Exception):
    """The YAML cannot be read, or the key in it cannot be edited alone. ``line`` from 1; None: the file as a whole.

    mend    what to do about it, in sentences; FILE stands for the file
    """

    def __init__(self, problem: str, line: int | None = None, mend: tuple[str, ...] = ()) -> None:
        super().__init__(problem, line, mend)
        self.problem = problem
        self.line = line
        self._mend = mend

    def mend(self, path: Path) -> list[str]:
        """What to do about it, in the file ``path``."""
        return [words.replace("FILE", shlex.quote(str(path))) for words in self._mend]


@dataclass(frozen=True)
class Span:
    """Whole lines of a text, from ``start`` to before ``end`` (past the last line break, or the text's end)."""

    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A YAML file that is a mapping, and in it the block ``config`` with at most one key ``key``.

    ``text`` has no BOM and keeps its line breaks; all offsets are into it.
    """

    text: str
    bom: bool
    root: MappingNode | None
    config_key: ScalarNode | None
    config: MappingNode | None
    key: ScalarNode | None
    value: Node | None

    @classmethod
    def parse(cls, raw: bytes, key: str) -> Document:
        """The document in ``raw``. Raises Unwritable."""
        text, bom = _decoded(raw)
        root = _composed(text)
        if root is None:
            return cls(text, bom, None, None, None, None, None)
        _refuse_duplicates(root)
        _refuse_shared(root, "the file")
        if root.flow_style and root.value:
            raise Unwritable("the file is written in flow style, {…}: write one key a line", line_of(root))
        config_key, config = _entry(root, "config")
        if config is None or _is_empty(config):
            return cls(text, bom, root, config_key, None, None, None)
        if not isinstance(config, MappingNode):
            raise Unwritable("config is no mapping of keys", line_of(config))
        if config.flow_style:
            raise Unwritable("config is written in flow style, {…}: write one key a line", line_of(config))
        if config_key is not None and config.start_mark.index < config_key.start_mark.index:
            raise Unwritable("config is an alias (*) of another part: write it out", line_of(config_key))
        _refuse_shared(config, "config")
        found_key, value = _entry(config, key)
        document = cls(text, bom, root, config_key, config, found_key, value)
        if found_key is not None and value is not None:
            document.refuse_uneditable(found_key, value)
        return document

    def refuse_uneditable(self, key: ScalarNode, value: Node) -> None:
        """Raises Unwritable where the key's lines hold, or lend, anything that belongs to others."""
        begin = key.start_mark.index
        if self.text[line_start(self.text, begin) : begin].strip(" "):
            raise Unwritable(f"{key.value} does not stand at the beginning of its line", line_of(key))
        for node in (key, *walk(value)):
            if node.anchor is not None or node.start_mark.index < begin:
                raise Unwritable(f"{key.value} uses an anchor (&) or an alias (*): write it out", line_of(node))
            if isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:merge":
                raise Unwritable(f"{key.value} uses a merge key (<<): write it out", line_of(node))

    def newline(self) -> str:
        """The file's line break: that of its first line."""
        found = _BREAK.search(self.text)
        return found.group() if found else "\n"

    def indent(self) -> int:
        """The column of the config's keys; where there is none yet, two more than ``config`` itself."""
        if self.config is not None:
            column: int = self.config.value[0][0].start_mark.column
            return column
        return self.outer_indent() + 2

    def outer_indent(self) -> int:
        """The column of the file's keys."""
        if self.root is not None and self.root.value:
            column: int = self.root.value[0][0].start_mark.column
            return column
        return 0

    def span(self) -> Span | None:
        """The key's lines: from the line of its name to the last line of its value."""
        if self.key is None or self.value is None:
            return None
        return Span(line_start(self.text, self.key.start_mark.index), _lines_end(self.text, self.key, self.value))

    def insertion(self) -> Span:
        """The empty span at the end of the config block, where the key would be added."""
        if self.config is not None:
            last_key, last_value = self.config.value[-1]
            end = _lines_end(self.text, last_key, last_value)
            end = _past_comments(self.text, end, self.indent())
        elif self.config_key is not None and self.root is not None:
            _, value = _entry(self.root, "config")
            end = _lines_end(self.text, self.config_key, value or self.config_key)
        elif self.root is not None and self.root.value:
            last_key, last_value = self.root.value[-1]
            end = _lines_end(self.text, last_key, last_value)
        else:
            end = len(self.text)
        return Span(end, end)

    def rest(self, key: str) -> list[Any]:
        """Everything that the file says beside ``key``: equal before and after an edit that did no harm."""
        if self.root is None:
            return []
        seen: dict[int, int] = {}
        outline: list[Any] = []
        for entry_key, entry in self.root.value:
            if entry_key.value != "config":
                outline += [_outline(entry_key, seen), _outline(entry, seen)]
        if self.config is not None:
            for entry_key, entry in self.config.value:
                if entry_key.value != key:
                    outline += [_outline(entry_key, seen), _outline(entry, seen)]
        return outline


def line_of(node: Node) -> int:
    """The node's line, from 1."""
    line: int = node.start_mark.line
    return line + 1


def line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Past the line break that ends the line of ``offset``."""
    found = _BREAK.search(text, offset)
    return found.end() if found else len(text)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in order, each once although aliases lead to it again."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        yield here
        waiting.extend(reversed(_children(here)))


def _children(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    if isinstance(node, SequenceNode):
        return list(node.value)
    return []


def _decoded(raw: bytes) -> tuple[str, bool]:
    if len(raw) > MAX_BYTES:
        raise Unwritable(f"is larger than {MAX_BYTES // 1024 // 1024} MB: that is no stack file")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unwritable(f"is not UTF-8 (byte {error.start}): save it as UTF-8", line) from None
    bom = text.startswith(BOM)
    text = text.removeprefix(BOM)
    if found := conflicts(_BREAK.split(text)):
        raise Unwritable(found.words, found.lines[0][0], found.mend)
    return text, bom


def _composed(text: str) -> MappingNode | None:
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings():
            # An anchor that is defined again is legal; whatever lies across the key is refused later.
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            root = yaml.compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise Unwritable(f"is no valid YAML: {problem}", mark.line + 1 if mark is not None else None) from None
    except (RecursionError, ValueError, IndexError, KeyError, AssertionError, AttributeError, TypeError) as error:
        # What the parser fails with on broken input beside its own errors.
        raise Unwritable(f"is no valid YAML: the parser gave up ({type(error).__name__})") from None
    if root is None or _is_empty(root):
        return None
    if not isinstance(root, MappingNode):
        raise Unwritable("is no mapping of keys", line_of(root))
    return root


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value == "" and node.style is None


def _entry(mapping: MappingNode, name: str) -> tuple[ScalarNode | None, Node | None]:
    for key, value in mapping.value:
        if isinstance(key, ScalarNode) and key.value == name:
            return key, value
    return None, None


def _refuse_duplicates(root: MappingNode) -> None:
    for node in walk(root):
        if isinstance(node, MappingNode):
            seen: set[tuple[Any, Any]] = set()
            for key, _ in node.value:
                if isinstance(key, ScalarNode):
                    if (key.tag, key.value) in seen:
                        raise Unwritable(f"the key {key.value!r} stands here a second time: remove one", line_of(key))
                    seen.add((key.tag, key.value))


def _refuse_shared(mapping: MappingNode, name: str) -> None:
    """Raises Unwritable where other parts take over ``mapping`` whole, or it takes over others."""
    if mapping.anchor is not None:
        raise Unwritable(f"{name} has an anchor (&{mapping.anchor}), so other parts may repeat it", line_of(mapping))
    for key, _ in mapping.value:
        if isinstance(key, ScalarNode) and key.tag == "tag:yaml.org,2002:merge":
            raise Unwritable(f"{name} has a merge key (<<): write its keys out", line_of(key))


def _lines_end(text: str, key: Node, value: Node) -> int:
    """Past the last line of ``key: value``; comments and blank lines that follow are not its lines."""
    last, before = value, key
    while children := _children(last):
        if getattr(last, "flow_style", False):
            break
        before, last = (children[-2] if len(children) > 1 else last), children[-1]
    if isinstance(last, ScalarNode) and last.style in ("|", ">"):
        end: int = last.end_mark.index
        return end
    # An empty value is marked where the next token begins; its line is that of its key.
    end = before.end_mark.index if _is_empty(last) else last.end_mark.index
    return line_end(text, end)


def _past_comments(text: str, offset: int, indent: int) -> int:
    """Past the comments after ``offset`` that are indented as a block's keys are, and so belong to it."""
    end = here = offset
    while here < len(text):
        following = line_end(text, here)
        line = text[here:following].strip("\r\n")
        if line.strip(" \t"):
            stripped = line.lstrip(" ")
            if not stripped.startswith("#") or len(line) - len(stripped) < indent:
                break
            end = following
        here = following
    return end


def _outline(node: Node, seen: dict[int, int]) -> Any:
    if id(node) in seen:
        return ("alias", seen[id(node)])
    seen[id(node)] = len(seen)
    if isinstance(node, ScalarNode):
        return (node.tag, node.style, node.value)
    return (node.tag, node.anchor, [_outline(child, seen) for child in _children(node)])
