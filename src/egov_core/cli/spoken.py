"""Commands that speak the reader's language: their help, their options, and what click says of a wrong one.

Rules of this room: every command and group of the library is one of these. Help is written once, in English, in the
docstring and at the option; its Chinese stands with all other sentences. Names of options are the same everywhere, and
so are the codes that an option takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import IO, Any

import click

from egov_core.cli.language import said, said_in_help, speaks_chinese
from egov_core.cli.show import show_error
from egov_core.errors import EgovError

NOTATION = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]…", "FILE|DIR": "文件或文件夹"}
"""What stands for something in a line of usage; a name in capitals is an argument's, and help speaks of it."""
KINDS = {
    "INTEGER RANGE": "整数",
    "INTEGER": "整数",
    "PATH": "路径",
    "TEXT": "文字",
    "DATE": "日期",
    "LIMIT": "期限",
    "PERIOD": "期限",
    "TIME": "时间",
    "PAUSE": "特别程序",
    "EXTENSION": "延期",
    "[%Y-%m-%d]": "日期",
    "URL": "网址",
    "FILE": "文件",
    "DAY": "日期",
    "STATE": "状态",
    "PERSON": "人员",
    "CODE": "编码",
    "CODE=NAME": "编码=姓名",
}
"""What kind of value an option takes, as it stands behind its name."""
HEADINGS = {"Options": "选项", "Commands": "命令", "Usage": "用法", "Positional arguments": "参数"}
_HERE = "\0"
_EXTRA = re.compile(r"\s*\[((?:default|required|x|[<>\d]|env)[^\]]*)\]$")


class _Formatter(click.HelpFormatter):
    """Help in Chinese, from the English that click puts together."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage."""
        for english, chinese in NOTATION.items():
            args = args.replace(english, chinese)
        super().write_usage(prog, args, prefix if prefix is not None else "用法：")

    def write_heading(self, heading: str) -> None:
        """The heading of a list."""
        self.write(f"{'':>{self.current_indent}}{HEADINGS.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        """A text, paragraph by paragraph."""
        super().write_text("\n\n".join(said_in_help(" ".join(part.split())) for part in text.split("\n\n")))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        """A list of options or commands."""
        super().write_dl([(_named(name), _described(text)) for name, text in rows], *args, **options)


def _named(name: str) -> str:
    """An option with the kind of its value; a command as it is."""
    option, _, kind = name.partition(" ")
    while kind.startswith("-"):  # a second name, as of -h, --help
        more, _, kind = kind.partition(" ")
        option = f"{option} {more}"
    return f"{option} {KINDS.get(kind, kind)}".rstrip() if kind else name


def _described(text: str) -> str:
    """What an option is for, with what click adds to it in brackets."""
    extra = _EXTRA.search(text)
    if extra is None:
        return said_in_help(text)
    added = extra[1].replace("default: ", "默认：").replace("required", "必填").replace("; ", "；")
    return f"{said_in_help(text[: extra.start()])}  [{added}]"


class _Context(click.Context):
    """What a command is called with; it makes the help."""

    def make_formatter(self) -> click.HelpFormatter:
        """The formatter of the reader's language."""
        if speaks_chinese():
            # Chinese is as wide as two: click measures it, and breaks lines at spaces only
            return _Formatter(width=self.terminal_width, max_width=self.max_content_width)
        return super().make_formatter()


class _Refused(click.UsageError):
    """A wrong option, refused in Chinese."""

    def __init__(self, refused: click.UsageError) -> None:
        # what is wrong with a value is a sentence of its own behind click's: each is said by itself
        whole, value = refused.format_message(), refused.message
        if isinstance(refused, click.BadParameter) and value and whole.endswith(value):
            told = said(f"{whole.removesuffix(value)}{_HERE}").replace(_HERE, said(value))
        else:
            told = said(whole)
        super().__init__(told, refused.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        """Usage, where help is, and what is wrong."""
        if self.ctx is not None:
            click.echo(self.ctx.get_usage(), file=file, err=True)
            click.echo(f"“{self.ctx.command_path} --help”说明用法。\n", file=file, err=True)
        click.echo(f"错误：{self.message}", file=file, err=True)


def _speaking(run: Callable[[], Any]) -> Any:
    """Run it; what click refuses is said in the reader's language."""
    try:
        return run()
    except click.UsageError as refused:
        if isinstance(refused, _Refused | click.exceptions.NoArgsIsHelpError) or not speaks_chinese():
            raise
        raise _Refused(refused) from None


class Command(click.Command):
    """A command whose options may also be refused by an error of ours, such as an amount that cannot be."""

    context_class = _Context

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options; an error of ours gets the one error shape and exit status 1."""
        as_json = "--json" in args
        try:
            made = _speaking(lambda: super(Command, self).make_context(info_name, args, parent, **extra))
        except EgovError as error:
            show_error(error, as_json=as_json)
            raise SystemExit(1) from None
        assert isinstance(made, click.Context)
        return made

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        return _speaking(lambda: super(Command, self).invoke(ctx))

    def get_short_help_str(self, limit: int = 45) -> str:
        """One line for the list of commands."""
        return short(self, limit) or super().get_short_help_str(limit)


class Group(click.Group):
    """A group of such commands."""

    context_class = _Context
    command_class = Command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options."""
        made = _speaking(lambda: super(Group, self).make_context(info_name, args, parent, **extra))
        assert isinstance(made, click.Context)
        return made

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        return _speaking(lambda: super(Group, self).invoke(ctx))

    def get_short_help_str(self, limit: int = 45) -> str:
        """One line for the list of commands."""
        return short(self, limit) or super().get_short_help_str(limit)


def short(command: click.Command, limit: int) -> str:
    """The first sentence of a command's help in Chinese; empty where the reader wants English."""
    if not speaks_chinese() or not command.help:
        return ""
    whole = said_in_help(" ".join(command.help.split("\n\n")[0].split()))
    return whole if len(whole) * 2 <= limit else f"{whole.partition('。')[0]}。"
