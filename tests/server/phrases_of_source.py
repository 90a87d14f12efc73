"""Every phrase that stands in a module, whoever says it and however it is put together.

Rules of this room: `spoken_source` follows a sentence from whoever says it to where it is written, and loses it where a
value was made elsewhere: by a property, a table of remedies, a function of another module. Here nothing is followed.
What reads like a phrase is one, unless it stands where nobody at a counter reads it, or beside its Chinese.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

HOLE = "{}"
PHRASE = re.compile(r"[a-z]{2,},? [a-z]{2,}")
"""Two English words side by side."""
JOINTS = re.compile(r"\{\}|\{[a-z_]+\}|[;:,](?= )|\n")
"""Where a phrase may have been put together from parts, each of which stands in the catalogue by itself."""
OF_PYTHON = frozenset(
    {
        "TypeError",
        "ValueError",
        "KeyError",
        "RuntimeError",
        "AttributeError",
        "AssertionError",
        "NotImplementedError",
    }
)
"""For whoever writes a program against the library."""
LOGGED = frozenset({"debug", "info", "warning", "error", "exception"})
HELP = frozenset({"help", "epilog", "short_help", "metavar"})
"""Options of click; `test_languages` looks at every help."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def phrases(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the text of each, `{}` for a value."""
    passed_over = {id(one) for node in ast.walk(tree) for part in _unread(node) for one in ast.walk(part)}
    for node in ast.walk(tree):
        if id(node) in passed_over:
            continue
        if isinstance(node, ast.JoinedStr):
            passed_over |= {id(one) for one in node.values if isinstance(one, ast.Constant)}
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else HOLE for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if PHRASE.search(text):
            yield node.lineno, text.strip()


def parts(text: str) -> Iterator[str]:
    """The parts of a phrase that say something."""
    yield from (part.strip() for part in JOINTS.split(text) if PHRASE.search(part))


def quoting(tree: ast.Module) -> Iterator[str]:
    """What is said with a value in quotation marks, each value filled in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and any(_is_quoted(one) for one in node.values):
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else "'x1'" if _is_quoted(one) else "1"
                for one in node.values
            ).strip()


def _is_quoted(node: ast.expr) -> bool:
    return isinstance(node, ast.FormattedValue) and node.conversion == ord("r")


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """What of a node nobody at a counter reads, or reads in either language."""
    match node:
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.Assert(msg=ast.expr() as told):
            yield told
        case ast.Assign(targets=[ast.Name(id="english")], value=value):  # the Chinese is assigned beside it
            yield value
        case ast.Call():
            yield from _unread_in(node)
        case ast.Tuple(elts=elements) if any(map(_is_chinese, elements)):
            yield from elements


def _unread_in(call: ast.Call) -> Iterator[ast.AST]:
    name = str(getattr(call.func, "id", getattr(call.func, "attr", "")))
    on = str(getattr(getattr(call.func, "value", None), "id", "")).lower().strip("_")
    given = [*call.args, *(one.value for one in call.keywords)]
    if (
        name in OF_PYTHON
        or name == "compile"
        or (name in LOGGED and on in ("log", "logger"))
        or any(map(_is_chinese, given))
    ):
        yield from given
    yield from (one.value for one in call.keywords if one.arg in HELP)


def _is_chinese(node: ast.expr) -> bool:
    """Whether it is a Chinese text, and no English one with a name in it."""
    if not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
        return False
    texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    text = "".join(texts)
    return len(_HAN.findall(text)) * 4 > len(_LATIN.findall(text))
