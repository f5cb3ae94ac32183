"""Many rows in one statement: they travel as one JSON list of lists, which both databases take apart."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from yema.database.listed import as_list
from yema.database.statements import Statement, execute

Values = Sequence[object]


class Rows:
    """Rows of a table with these columns, each named with its type on Postgres. What a `json` column holds is given as its text."""

    def __init__(self, table: str, *, conflict: str = "", **columns: str) -> None:
        """`conflict` is what an insert does where a row is there already: `ON CONFLICT …`."""
        names = [f'"{column}"' for column in columns]
        sqlite = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
        postgres = ", ".join(
            f"(value->>{place})::{kind} AS {name}"
            for place, (name, kind) in enumerate(zip(names, columns.values(), strict=True))
        )
        sqlite, postgres = (
            f"(SELECT {sqlite} FROM json_each({{}})) v",
            f"(SELECT {postgres} FROM json_array_elements({{}}) value) v",
        )
        insert = f'INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(names)} FROM '
        # Without the WHERE, SQLite would read ON as the beginning of a join's condition.
        end = f" WHERE true {conflict}" if conflict else ""
        self._insert = Statement(insert + sqlite + end, postgres=insert + postgres + end)
        sets = ", ".join(f"{name} = v.{name}" for name in names if name != '"id"')
        start, end = f'UPDATE "{table}" SET {sets} FROM ', f' WHERE "{table}".id = v.id'
        self._update = Statement(start + sqlite + end, postgres=start + postgres + end) if "id" in columns else None

    async def insert(self, rows: Iterable[Values]) -> None:
        """Write new rows, if there are any: values in the order of the columns."""
        await _run(self._insert, rows)

    async def update(self, rows: Iterable[Values]) -> None:
        """Write these columns of rows that are there, found by their `id`."""
        if self._update is None:
            raise TypeError("Rows are found by their id.")
        await _run(self._update, rows)


class Gone:
    """Rows of a table, found by one of their columns (an id)."""

    def __init__(self, table: str, of: str) -> None:
        start = f'DELETE FROM "{table}" WHERE "{of}" IN (SELECT '
        self._delete = Statement(
            f"{start}json_extract(value, '$[0]') FROM json_each({{}}))",
            postgres=f"{start}(value->>0)::uuid FROM json_array_elements({{}}) value)",
        )

    async def delete(self, ids: Iterable[UUID]) -> None:
        """Delete those of these ids, if there are any."""
        await _run(self._delete, ([one] for one in ids))


async def _run(statement: Statement, rows: Iterable[Values]) -> None:
    found = list(rows)
    if found:
        await execute(statement, as_list(found))
