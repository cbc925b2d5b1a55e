"""Commands whose help is spoken in the language of the person, with examples.

Help texts are English message ids and are translated when they are shown, so a command
object is the same in every language.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from commands.language import LANGUAGES, has_word, say, spoken, word
from commands.session import session_of


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a help text, each on one line: the message ids."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def as_sentence(text: str) -> str:
    """Return a line of help as a sentence: the catalogue's begin small and have no full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


class Option(click.Option):
    """An option whose help is translated, with the words for the values of a choice."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's line of help: how it is written, and what it holds."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        written, text = record
        english = self.help or ""
        values = "; ".join(self._values())
        meaning = f"{say(english).rstrip('.')} ({values})" if values else say(english)
        return written, as_sentence(meaning) + text[len(english) :]

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the word that stands for the value in the help."""
        return say(self.metavar) if self.metavar else super().make_metavar(ctx)

    def _values(self) -> Iterator[str]:
        """Yield the identifiers of a choice: those with a word not English, and all of many."""
        if not isinstance(self.type, click.Choice) or self.metavar:
            return
        context = getattr(self.type, "context", "")
        for value in self.type.choices:
            if spoken() != "en" and context and has_word(context, value):
                yield f"{value}: {word(context, value)}"
            elif getattr(self.type, "is_long", False):
                yield str(value)


class Argument(click.Argument):
    """An argument whose help is translated."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return the argument's line of help."""
        written, _ = super().get_help_record(ctx)
        return written, as_sentence(say(self.help or ""))

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the word that stands for the value in the help."""
        written = super().make_metavar(ctx)
        bare = written.strip("[].")
        written = written.replace(bare, say(bare))
        # The library writes brackets only around a word of its own.
        is_open = self.required or written.startswith("[")
        return written if is_open else f"[{written}]"


def _keep_book(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        session_of(ctx).book_path = value


def _for_every_command() -> list[click.Parameter]:
    """Return the options that stand before or after any command.

    The language was chosen before the arguments are parsed; ``--lang`` is only checked here.
    """
    return [
        Option(
            ["--book"],
            metavar="PATH",
            expose_value=False,
            callback=_keep_book,
            help="The book; by default $ROLLBOOK, else ./rollbook.db.",
        ),
        Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            expose_value=False,
            help="The language; by default that of the system.",
        ),
    ]


class Spoken(click.Command):
    """What commands and groups share: translated help, then examples to start from."""

    examples: Sequence[str] = ()
    """Command lines that can be typed as they stand, once the book holds what they name."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context_settings.setdefault("help_option_names", ["-h", "--help"])
        self.examples = tuple(examples)
        self.params += _for_every_command()

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the line that a list of commands shows; ``limit`` is left to wrapping."""
        del limit
        return say((self.short_help or (paragraphs(self.help or "") or [""])[0]).rstrip("."))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line."""
        return [say(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, whose help is in the language of the moment."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("Show this message and exit.")
        return option

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the paragraphs of the help."""
        del ctx
        for text in paragraphs(self.help or ""):
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(say(text))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, each on a line of its own."""
        del ctx
        if self.examples:
            with formatter.section(say("Examples")):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


class Command(Spoken):
    """A command that does something."""


class Group(Spoken, click.Group):
    """A command that has others under it."""

    command_class = Command
