"""A JSON list of rows as a table in a statement: `FROM {listed(...)} v`, on both databases.

Like `yema.database.many`, for statements that have more to say than a plain insert or update.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from yema.database import Statement


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
    return msgspec.json.encode([[_plain(one) for one in row] for row in rows]).decode()


def ids(these: Iterable[UUID]) -> str:
    """The same for a list of ids."""
    return as_list([one] for one in these)


def _plain(value: object) -> object:
    # As SQLite keeps an instant; Postgres reads it, too.
    return str(value.astimezone(UTC)) if isinstance(value, datetime) else value
