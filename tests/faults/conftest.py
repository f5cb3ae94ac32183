"""Figures of the long proofs, for whoever runs them."""

from collections.abc import Callable
from typing import Any

import pytest

Report = Callable[[str], None]


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Write a line to the terminal with `--prove`; else nobody asked."""
    plugins = request.config.pluginmanager
    terminal: Any = plugins.get_plugin("terminalreporter")
    capture: Any = plugins.get_plugin("capturemanager")

    def write(line: str) -> None:
        if request.config.getoption("prove", False):
            with capture.global_and_fixture_disabled():
                terminal.write_line(line)

    return write
