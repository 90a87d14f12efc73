"""A column that is one of a list of texts, as one parameter on every database.

Rules of this room: the construct and how databases spell it; no table.

Reason. A parameter for each text makes a statement of its own for each number of them: it is compiled, sent and planned
anew every time. With one parameter the text of the statement stays, and PostgreSQL prepares it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class OneOf(FunctionElement[Any]):
    """That a column is one of the texts of a parameter, which `as_list` writes.

    Of no type: SQLite would be asked whether a truth equals 1, and then uses no index.
    """

    inherit_cache = True


def one_of(column: ColumnElement[str], parameter: str) -> OneOf:
    """The condition that a column is one of the texts of a parameter."""
    return OneOf(column, bindparam(parameter))


def as_list(texts: Iterable[str]) -> str:
    """The value of such a parameter."""
    return json.dumps(list(texts), ensure_ascii=False)


@compiles(OneOf)
def _usual(element: OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, given = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - parts that the compiler made


@compiles(OneOf, "postgresql")
def _postgresql(element: OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, given = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({given} AS json))))"
