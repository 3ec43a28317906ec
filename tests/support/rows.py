"""A database with rows in every table, whatever tables there will be."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core.database_copy import TABLES
from core.tables import metadata

SCHEMAS = TABLES  # they put their tables into the metadata
WORDS = ("plain", "¿Dónde está?", "配送はいつ", "شكرا\u200c", "👩‍👧 ok", "a\tb\\n\\.\nc", "", "'; DROP", "\\N")
FLOATS = (0.0, 0.1 + 0.2, 1_800_000_000.123456, 5e-324, 1.7976931348623157e308, -1.5)
DOCUMENTS: tuple[Any, ...] = ({"b": 1, "a": [None, True, 1.5, "é\\n"]}, [], {}, ["*"], {"t": "\ud83d\ude00 \\u0041"})


def fill(engine: Engine, each: int) -> int:
    """Number of rows written: `each` in every table. Columns that may be empty are so in every third row."""
    made: dict[str, list[Mapping[str, Any]]] = {}
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            made[table.name] = [_row(table, number, made) for number in range(1, each + 1)]
            for row in made[table.name]:
                connection.execute(sa.insert(table).values(row))
    return each * len(metadata.sorted_tables)


def _row(table: sa.Table, number: int, made: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Any]:
    return {column.name: _value(column, number, made) for column in table.columns}


def _value(column: sa.Column[Any], number: int, made: Mapping[str, list[Mapping[str, Any]]]) -> Any:
    for key in column.foreign_keys:
        return made[key.column.table.name][number - 1][key.column.name]
    if column.nullable and number % 3 == 0:
        return sa.null()
    if isinstance(column.type, sa.JSON):
        return DOCUMENTS[number % len(DOCUMENTS)]
    if isinstance(column.type, sa.Boolean):
        return number % 2 == 0
    if isinstance(column.type, sa.Integer):
        return number
    if isinstance(column.type, sa.Float):
        return FLOATS[number % len(FLOATS)]
    if column.name == "direction":
        return "in"  # what leaves needs the gate's word
    word = WORDS[number % len(WORDS)]
    return word if isinstance(column.type, sa.Text) else f"{column.name[:8]} {number} {word}"
