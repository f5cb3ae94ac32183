"""A JSON list of rows as a table in a statement, on both databases: `FROM <list> l JOIN …`, `WHERE id IN (SELECT id FROM <list> l)`.

Like `many`, for statements that have more to say than a plain insert or update.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from yema.database.statements import Statement


class Instants(dict[datetime, str]):
    """Instants as SQLite keeps them; Postgres reads that, too. Many rows share one: each is written out once."""

    def __missing__(self, instant: datetime) -> str:
        text = self[instant] = str(instant.astimezone(UTC))
        return text


def with_list(template: str, *, tail: str = "", **columns: str) -> Statement:
    """The statement with `<list>` replaced by the rows of its next argument (see `as_list`): columns with their types on Postgres.

    `tail` is put in at `<tail>`, on Postgres only.
    """
    sqlite = ", ".join(f"json_extract(value, '$[{place}]') AS \"{name}\"" for place, name in enumerate(columns))
    postgres = ", ".join(f'(value->>{place})::{kind} AS "{name}"' for place, (name, kind) in enumerate(columns.items()))
    return Statement(
        template.replace("<list>", f"(SELECT {sqlite} FROM json_each({{}}))").replace("<tail>", ""),
        postgres=template.replace("<list>", f"(SELECT {postgres} FROM json_array_elements({{}}) value)").replace(
            "<tail>", tail
        ),
    )


def as_list(rows: Iterable[Sequence[object]]) -> str:
    """The argument for `<list>`."""
    instants = Instants()
    plain = [[instants[one] if isinstance(one, datetime) else one for one in row] for row in rows]
    return msgspec.json.encode(plain).decode()


def ids(these: Iterable[UUID]) -> str:
    """The same for a list of ids."""
    return as_list([one] for one in these)
