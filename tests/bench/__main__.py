"""Measure the server beside a bare handler: short rounds in turn, so that what disturbs one disturbs the other.

The figures inform: the exit code is 0 unless something broke.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import msgspec

from tests.bench import report
from tests.bench.cases import Case, cases_of, demo_with_tokens
from tests.bench.load import Load, Round
from tests.bench.report import Measured, Sample
from tests.bench.servers import Running, bare, cold_start_seconds, first_start_seconds, ours
from tests.bench.sizes import BYTES_MAX, PULLS_MAX, sizes

ROUNDS = 7
ROUND_SECONDS = 0.45
WARM_UP_REQUESTS = 300
REQUESTS_MIN, REQUESTS_MAX = 60, 10_000
STARTS = 5


def main() -> None:
    """Run everything and print the table."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="yema-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        data = folder / "demo"
        tokens = asyncio.run(demo_with_tokens(data))
        cold, first = cold_start_seconds(data, STARTS), first_start_seconds(folder / "empty", STARTS)

        server = stack.enter_context(ours(data))
        cases = cases_of(server.port, tokens)
        answers = folder / "answers.json"
        answers.write_bytes(msgspec.json.encode([case.answer for case in cases]))
        beside = stack.enter_context(bare(answers))
        load = Load()
        stack.callback(load.stop)
        measured = [_measure(case, server, beside, load) for case in cases]
        resident = server.resident_bytes() / 1e6
        travelled = sizes(server.port, tokens.waiting, tokens.leader)

    lines = [
        report.table(measured),
        "",
        report.figure("cold start, existing data folder", cold, report.COLD_START_SECONDS, "s"),
        report.figure("cold start, empty data folder", first, report.COLD_START_SECONDS, "s"),
        report.figure("resident memory after the load", resident, report.RESIDENT_MEGABYTES, "MB"),
        report.figure("first pull of a fresh phone", travelled.first_requests, PULLS_MAX, "requests"),
        report.figure("", travelled.first_bytes, None, f"bytes, and {travelled.packs} pack file(s) beside"),
        report.figure("a changed slot reaches a phone", travelled.change_requests, 1, "request"),
        report.figure("", travelled.change_bytes, BYTES_MAX, "bytes of answer, with headers"),
        report.figure("", travelled.question_bytes, None, "bytes of question, with headers"),
        f"Measured in {time.monotonic() - began:.0f} s.",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _measure(case: Case, server: Running, beside: Running, load: Load) -> Measured:
    measured = Measured(case.answer.name, case.limit, case.rate_min, [], [])
    sides = [(server, case.request, measured.ours), (beside, case.bare_request, measured.bare)]
    counts = [_warm_up(running, request, case.answer.status, load) for running, request, _ in sides]
    for _ in range(ROUNDS):
        for (running, request, samples), count in zip(sides, counts, strict=True):
            samples.append(_round(running, request, case.answer.status, count, load))
    return measured


def _warm_up(server: Running, request: str, status: int, load: Load) -> int:
    """How many requests fill a round."""
    _round(server, request, status, WARM_UP_REQUESTS, load)
    rate = _round(server, request, status, WARM_UP_REQUESTS, load).rate
    return max(REQUESTS_MIN, min(REQUESTS_MAX, int(rate * ROUND_SECONDS)))


def _round(server: Running, request: str, status: int, count: int, load: Load) -> Sample:
    before = server.cpu_seconds()
    seconds = load.run(Round(server.port, request, status, count))
    return Sample(count, seconds, server.cpu_seconds() - before)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as broken:
        sys.exit(str(broken))
