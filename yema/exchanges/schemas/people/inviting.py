"""Invitations by name, on the wire."""

from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.shapes import View


class InvitationFaultView(View):
    """Why a line was refused. `code` is stable, the words are in the reader's language."""

    code: str
    detail: str


class InvitationView(View):
    """What became of one line of the file: `line` counts from 1, the head of the table included.

    `join_code` is the id of the code that was made, `link` what the person opens; it is shown this once. With `dry_run` neither is there.
    `mailed` is there for those with an address where mails were asked for: false where none was sent.
    """

    line: int
    name: str
    status: Literal["invited", "refused"]
    join_code: UUID | UnsetType = UNSET
    link: str | UnsetType = UNSET
    mailed: bool | UnsetType = UNSET
    problem: InvitationFaultView | UnsetType = UNSET


class InvitationsView(View):
    """The report for a file: one entry for each line, and how many of each kind."""

    dry_run: bool
    invited: int
    refused: int
    lines: list[InvitationView]
