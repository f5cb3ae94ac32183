"""What the server and its helper say to each other: a line of JSON each."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from yema.notifications.channels import Broken, Gone, Later, Outcome, Outgoing, Refused, Sent

BYTES_MAX = 8 * 1024 * 1024
_FINAL: dict[str, type[Gone] | type[Refused] | type[Broken]] = {"Gone": Gone, "Refused": Refused, "Broken": Broken}

Question = tuple[int, list[Outgoing]]
_Written = tuple[str, str, float | None, bool]
_questions: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
_answers: msgspec.json.Decoder[tuple[int, list[_Written]]] = msgspec.json.Decoder(tuple[int, list[_Written]])


def question(number: int, messages: Sequence[Outgoing]) -> bytes:
    return msgspec.json.encode((number, messages)) + b"\n"


def read_question(line: bytes) -> Question:
    return _questions.decode(line)


def answer(number: int, outcomes: Sequence[Outcome]) -> bytes:
    return msgspec.json.encode((number, [_written(outcome) for outcome in outcomes])) + b"\n"


def read_answer(line: bytes) -> tuple[int, list[Outcome]]:
    number, written = _answers.decode(line)
    return number, [_outcome(*one) for one in written]


def _written(outcome: Outcome) -> _Written:
    after, counted = (outcome.after, outcome.counted) if isinstance(outcome, Later) else (None, True)
    code = getattr(outcome, "code", "")
    return type(outcome).__name__, code, None if after is None else after.total_seconds(), counted


def _outcome(kind: str, code: str, seconds: float | None, counted: bool) -> Outcome:
    if kind == "Sent":
        return Sent()
    if kind == "Later":
        return Later(code, None if seconds is None else timedelta(seconds=seconds), counted)
    return _FINAL[kind](code)
