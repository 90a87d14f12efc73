"""What a module says, read from its source: the sentences of errors, faults, findings and remarks.

Rules of this room: a sentence is followed to where it is written. A name is what was assigned to it in the function or
in the module; a function that says what it is given says it at each call; a value is `{}`. A loop ends: each expression
is followed a few steps and no further.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

HOLE = "{}"
TOLD = ("Fault", "CellFault", "Finding", "HealthFinding", "Violation", "Incident", "Unsaid")
"""What says a sentence, besides the errors."""
OF_PYTHON = ("TypeError", "ValueError", "KeyError", "RuntimeError", "AttributeError", "AssertionError")
"""For whoever writes a program against the library; nobody at a counter reads them."""
NAMED = ("message", "remedy")
CARRIED = frozenset({"message", "remedy", "why", "what", "said", "told", "sentence", "refusal"})
"""What a parameter is called that is a sentence or a part of one; any other is a value."""
FURTHEST = 4
"""Steps from a name to what was written."""
ROUNDS = 2
"""Steps from a function that says what it is given to those that let it."""
MOST = 40
"""Sentences that one expression may be."""
_MARK = "\0"

Values = Mapping[str, Sequence[str]]
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@attrs.frozen
class Teller:
    """A function that says what it is given: its parameters in order, and what it says with them marked."""

    parameters: tuple[str, ...]
    texts: tuple[str, ...]

    def said(self, call: ast.Call, scope: Scope) -> Iterator[str]:
        """What it says where it is called so."""
        given: dict[str, ast.expr] = dict(zip(self.parameters, call.args, strict=False))
        given |= {one.arg: one.value for one in call.keywords if one.arg}
        starred = [one.value for one in call.args if isinstance(one, ast.Starred)]
        for text in self.texts:
            wanted = marked(text)
            if not wanted & given.keys() or any(isinstance(given.get(one), ast.Starred) for one in wanted):
                # of what is unpacked nobody sees the order: each of its texts may be the sentence
                yield from (one for value in starred for one in scope.constants(value))
                continue
            said = [text]
            for name in wanted:
                values = list(scope.templates(given[name])) if name in given else [HOLE]
                said = [one.replace(_marked(name), value) for one in said for value in values][:MOST]
            yield from said


def _marked(name: str) -> str:
    return f"{_MARK}{name}{_MARK}"


def marked(text: str) -> set[str]:
    """The parameters that stand in a text."""
    return set(text.split(_MARK)[1::2])


def unmarked(text: str) -> str:
    """A text with a hole for each parameter."""
    for name in marked(text):
        text = text.replace(_marked(name), HOLE)
    return text


@attrs.frozen
class Scope:
    """What names mean at one place: those of the module, those of the function, its parameters."""

    names: Mapping[str, Sequence[ast.expr]]
    parameters: frozenset[str] = frozenset()

    def templates(self, node: ast.expr, depth: int = 0) -> Iterator[str]:
        """The sentences that an expression may be, `{}` for each value."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr():
                yield from self._joined(node.values, depth)
            case ast.BinOp(op=ast.Add()):
                rights = list(self.templates(node.right, depth))
                yield from (left + right for left in self.templates(node.left, depth) for right in rights)
            case ast.IfExp():
                yield from self.templates(node.body, depth)
                yield from self.templates(node.orelse, depth)
            case ast.Name(id=name) if depth < FURTHEST and name in self.names:
                for one in self.names[name]:
                    yield from self.templates(one, depth + 1)
            case ast.Name(id=name) if name in self.parameters:
                yield _marked(name)
            case _:
                yield HOLE

    def _joined(self, parts: Iterable[ast.expr], depth: int) -> Iterator[str]:
        said = [""]
        for part in parts:
            match part:
                case ast.Constant(value=str(text)):
                    more = [text]
                case ast.FormattedValue(value=ast.Name(id=name), conversion=-1) if name in self.parameters:
                    more = [_marked(name)]
                case ast.FormattedValue(value=ast.Name(id=name), conversion=-1) if depth < FURTHEST:
                    more = list(self.templates(ast.Name(id=name), depth + 1))
                case _:
                    more = [HOLE]
            said = [one + text for one in said for text in more][:MOST]
        yield from said

    def constants(self, node: ast.expr) -> Iterator[str]:
        """Every text that stands somewhere in an expression, or in what its names mean."""
        for one in ast.walk(node):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value
            elif isinstance(one, ast.Name):
                for value in self.names.get(one.id, ()):
                    yield from (
                        leaf.value
                        for leaf in ast.walk(value)
                        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                    )


def _assigned(body: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in body:
        targets, value = [], None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        for target in targets:
            if isinstance(target, ast.Name) and value is not None:
                found.setdefault(target.id, []).append(value)
            elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                for one, part in zip(target.elts, value.elts, strict=False):
                    if isinstance(one, ast.Name):
                        found.setdefault(one.id, []).append(part)
    return found


@functools.cache  # a tree is walked in every round
def _scopes(tree: ast.Module) -> tuple[tuple[ast.AST, Scope, _Function | None], ...]:
    """The module and each of its functions, with what names mean there; what is told in both is told twice."""
    return tuple(_scopes_of(tree))


def _scopes_of(tree: ast.Module) -> Iterator[tuple[ast.AST, Scope, _Function | None]]:
    outer = _assigned(tree.body)
    yield tree, Scope(outer), None
    for node in ast.walk(tree):
        if isinstance(node, _Function):
            parameters = frozenset(one.arg for one in (*node.args.args, *node.args.kwonlyargs))
            names = {**outer, **_assigned(ast.walk(node))}
            own = {key: one for key, one in names.items() if key not in parameters}
            yield node, Scope(own, parameters & CARRIED), node


@functools.cache
def _inside(node: ast.AST, whole: ast.Module) -> tuple[ast.Call, ...]:
    """The calls of a function, or of the module outside functions."""
    return tuple(_calls_in(node, whole))


def _calls_in(node: ast.AST, whole: ast.Module) -> Iterator[ast.Call]:
    if node is not whole:
        yield from (one for one in ast.walk(node) if isinstance(one, ast.Call))
        return
    within = {id(one) for function in ast.walk(whole) if isinstance(function, _Function) for one in ast.walk(function)}
    yield from (one for one in ast.walk(whole) if isinstance(one, ast.Call) and id(one) not in within)


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _told(call: ast.Call, scope: Scope, tellers: Mapping[str, Sequence[Teller]]) -> Iterator[str]:
    name = _called(call)
    told = [one.value for one in call.keywords if one.arg in NAMED]
    if name.endswith("Error") and name not in OF_PYTHON:
        told += call.args[:1]
    elif name in TOLD or name.endswith("_fault") or name in ("fault", "error", "warning"):
        told += call.args[1:]
    for one in told:
        yield from scope.templates(one)
    for teller in tellers.get(name, ()):
        yield from teller.said(call, scope)


def tellers_of(trees: Iterable[ast.Module]) -> dict[str, list[Teller]]:
    """The functions that say what they are given, by their names: also those that let another of them say it.

    One whose name begins with an underscore is of its module, and others of that name are others.
    """
    trees = list(trees)
    found: list[dict[str, list[Teller]]] = [{} for _ in trees]
    for _ in range(ROUNDS):
        shared = _shared(found)
        more = [_tellers(tree, {**shared, **own}) for tree, own in zip(trees, found, strict=True)]
        if more == found:
            break
        found = more
    return _shared(found)


def _shared(found: Iterable[Mapping[str, Sequence[Teller]]]) -> dict[str, list[Teller]]:
    shared: dict[str, list[Teller]] = {}
    for own in found:
        for name, tellers in own.items():
            if not name.startswith("_"):
                shared.setdefault(name, []).extend(tellers)
    return shared


def _tellers(tree: ast.Module, known: Mapping[str, Sequence[Teller]]) -> dict[str, list[Teller]]:
    more: dict[str, list[Teller]] = {}
    for node, scope, function in _scopes(tree):
        if function is None:
            continue
        said = {text for call in _inside(node, tree) for text in _told(call, scope, known)}
        texts = sorted(text for text in said if marked(text))
        if texts:
            order = [one.arg for one in function.args.args if one.arg not in ("self", "cls")]
            more.setdefault(function.name, []).append(Teller(tuple(order), tuple(texts[:MOST])))
    return more


def followed(tree: ast.Module, shared: Mapping[str, Sequence[Teller]]) -> Iterator[str]:
    """The sentences of errors, faults, findings and remarks in a module, `{}` for each value."""
    known = dict(shared)
    for _ in range(ROUNDS):
        known = {**known, **_tellers(tree, known)}
    found = (
        text for node, scope, _ in _scopes(tree) for call in _inside(node, tree) for text in _told(call, scope, known)
    )
    yield from dict.fromkeys(map(unmarked, found))
