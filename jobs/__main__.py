"""Entry point of ``jobs`` and ``python -m jobs``."""

from __future__ import annotations

from jobs.cli.app import app


def main() -> None:
    """Runs the command line, and exits with one of the codes of ``jobs.cli.outcomes``."""
    app(prog_name="jobs")


if __name__ == "__main__":
    main()
