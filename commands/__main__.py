"""Where the program begins: ``rollbook``, or ``python -m commands``."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the program; Ctrl-C ends it quietly also while it is still being loaded."""
    try:
        from commands.main import main as program  # noqa: PLC0415 - inside what is guarded

        program()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
