"""`python -m app.cli` is `hardop`, for child processes and where the command is not installed."""

from app.cli import main

main()
