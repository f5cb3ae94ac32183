"""`python -m yema` is the same as `yema`."""

from yema.cli import main

main()
