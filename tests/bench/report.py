"""What was measured, in a table."""

from statistics import median

from msgspec import Struct

COLD_START_SECONDS = 1.5
RESIDENT_MEGABYTES = 120.0


class Sample(Struct):
    """One round on one server."""

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu(self) -> float:
        """Microseconds for each request."""
        return self.cpu_seconds / self.requests * 1e6


class Measured(Struct):
    """A case: rounds on ours and on the bare server, each beside the other."""

    name: str
    limit: float | None
    rate_min: int | None
    ours: list[Sample]
    bare: list[Sample]
    cpu_max: int | None = None

    @property
    def ratio(self) -> float:
        """How many times the bare handler's CPU ours costs."""
        return median(a.cpu / b.cpu for a, b in zip(self.ours, self.bare, strict=True))

    @property
    def rate(self) -> float:
        """Requests a second of ours."""
        return median(sample.rate for sample in self.ours)

    @property
    def slower(self) -> float:
        """How many times as many requests a second the bare handler answers."""
        return median(b.rate / a.rate for a, b in zip(self.ours, self.bare, strict=True))

    def row(self) -> list[str]:
        return [
            self.name,
            *(f"{median(s.rate for s in side):,.0f}" for side in (self.ours, self.bare)),
            *(f"{median(s.cpu for s in side):,.0f}" for side in (self.ours, self.bare)),
            f"{self.slower:.2f}",
            f"{self.ratio:.2f}",
            *self._judged(),
        ]

    def _judged(self) -> tuple[str, str]:
        if self.limit is not None:
            return f"{self.limit:.1f}", _verdict(self.ratio, self.limit)
        if self.cpu_max is not None:
            return f"{self.cpu_max:,} us", _verdict(median(sample.cpu for sample in self.ours), self.cpu_max)
        wanted = self.rate_min or 0
        return f"{wanted}/s", _verdict(-self.rate, -wanted)


_HEADS = ["case", "ours req/s", "bare req/s", "ours CPU us", "bare CPU us", "bare/ours req/s", "CPU ratio", "limit", ""]


def table(measured: list[Measured]) -> str:
    """A row for each case, aligned."""
    rows = [_HEADS, *(case.row() for case in measured)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(_aligned(row, widths)).rstrip() for row in rows)


def figure(name: str, value: float, limit: float | None, unit: str) -> str:
    """A line for one figure, and its limit where it has one."""
    shown = f"{name:<36}{value:>8.2f} {unit}" if isinstance(value, float) else f"{name:<36}{value:>8,} {unit}"
    return shown if limit is None else f"{shown}, limit {limit:g}  {_verdict(value, limit)}"


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    first, *others = (
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return [first, *others]


def _verdict(value: float, limit: float) -> str:
    return "ok" if value <= limit else "over"
