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

from tests.bench import notifying, outbox, report
from tests.bench.cases import Case, cases_of, demo_with_tokens, exchange_cases_of, library_cases_of
from tests.bench.exchange import fill_exchange
from tests.bench.library import fill_library
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
        asyncio.run(fill_library(folder / "library"))
        big = asyncio.run(fill_exchange(folder / "library"))
        cold, first = cold_start_seconds(data, STARTS), first_start_seconds(folder / "empty", STARTS)

        server = stack.enter_context(ours(data))
        library = stack.enter_context(ours(folder / "library"))
        cases = [
            *((server, case) for case in cases_of(server.port, tokens)),
            *((library, case) for case in library_cases_of(library.port)),
            *((library, case) for case in exchange_cases_of(library.port, big)),
        ]
        answers = folder / "answers.json"
        answers.write_bytes(msgspec.json.encode([case.answer for _, case in cases]))
        beside = stack.enter_context(bare(answers))
        load = Load()
        stack.callback(load.stop)
        measured = [_measure(case, running, beside, load) for running, case in cases]
        resident, with_library = server.resident_bytes() / 1e6, library.resident_bytes() / 1e6
        travelled = sizes(server.port, tokens.waiting, tokens.leader)
        stack.close()  # what is measured from here on has its own servers
        told = [*notifying.lines(folder), *outbox.lines(folder)]

    lines = [
        report.table(measured),
        "",
        report.figure("cold start, existing data folder", cold, report.COLD_START_SECONDS, "s"),
        report.figure("cold start, empty data folder", first, report.COLD_START_SECONDS, "s"),
        report.figure("resident memory after the load", resident, report.RESIDENT_MEGABYTES, "MB"),
        report.figure("likewise with 2,000 activities", with_library, None, "MB"),
        report.figure("first pull of a fresh phone", travelled.first_requests, PULLS_MAX, "requests"),
        report.figure("", travelled.first_bytes, None, f"bytes, and {travelled.packs} pack file(s) beside"),
        report.figure("a changed slot reaches a phone", travelled.change_requests, 1, "request"),
        report.figure("", travelled.change_bytes, BYTES_MAX, "bytes of answer, with headers"),
        report.figure("", travelled.question_bytes, None, "bytes of question, with headers"),
        *told,
        f"Measured in {time.monotonic() - began:.0f} s.",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _measure(case: Case, server: Running, beside: Running, load: Load) -> Measured:
    measured = Measured(case.answer.name, case.limit, case.rate_min, [], [], case.cpu_max)
    status = case.answer.status
    to_ours = Round(server.port, case.request, status, WARM_UP_REQUESTS, case.wishes)
    to_bare = Round(beside.port, case.bare_request, status, WARM_UP_REQUESTS)
    sides = [(server, to_ours, measured.ours), (beside, to_bare, measured.bare)]
    for running, work, _ in sides:
        work.count = _warm_up(running, work, load)
    for _ in range(ROUNDS):
        for running, work, samples in sides:
            samples.append(_round(running, work, load))
    return measured


def _warm_up(server: Running, work: Round, load: Load) -> int:
    """How many requests fill a round."""
    _round(server, work, load)
    return max(REQUESTS_MIN, min(REQUESTS_MAX, int(_round(server, work, load).rate * ROUND_SECONDS)))


def _round(server: Running, work: Round, load: Load) -> Sample:
    before = server.cpu_seconds()
    seconds = load.run(work)
    return Sample(work.count, seconds, server.cpu_seconds() - before)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as broken:
        sys.exit(str(broken))
