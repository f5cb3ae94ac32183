"""The benchmark: `python -m tests.bench` measures the server beside a bare handler under the same server code, in the same run."""
