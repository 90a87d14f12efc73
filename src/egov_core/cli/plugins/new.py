"""`egov new plugin`: a whole small plugin, with tests that pass, for its author to change.

Rules of this room: it asks for what it needs on the command line and never by questions, works without a network, and
says what to do next. What is written comes from `scaffold`.
"""

from __future__ import annotations

from pathlib import Path

import click

from egov_core.cli.checks import JSON
from egov_core.cli.language import say
from egov_core.cli.plugins.scaffold import KINDS, PREFIX, Made, make_plugin
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command


@click.command("plugin", cls=Command)
@click.argument("name")
@click.option("--kind", required=True, metavar="KIND", help=f"What the plugin does: {', '.join(KINDS)}.")
@click.option("--into", default=".", show_default=True, type=click.Path(), help="The folder to write it in.")
@click.option("--single-file", is_flag=True, help="One file for the folder of [plugins] plugins-dir, no packaging.")
@JSON
@guarded
def new_plugin(name: str, kind: str, into: str, single_file: bool, as_json: bool) -> None:
    """Write a plugin whose tests pass, for you to change."""
    made = make_plugin(name, kind, Path(into), single_file=single_file)
    steps = _steps_of_a_file(made) if single_file else _steps(made)
    if as_json:
        shown = {"plugin": made.names.plugin, "kind": kind, "place": str(made.place), "files": list(made.files)}
        show_json({**shown, "next": [command for command, _ in steps]})
        return
    click.echo(say(f"已写好：{made.place}", f"written: {made.place}"))
    for file in made.files if not single_file else ():
        click.echo(f"  {file}")
    click.echo(say("下一步：", "next:"))
    width = max(len(command) for command, _ in steps)
    for command, why in steps:
        click.echo(f"  {command:<{width}}  # {why}")
    if not single_file:
        other = f"egov new plugin {made.names.name} --kind {kind} --single-file --into DIR"
        click.echo(say("不打包也可以，只要一个文件：", "or without packaging, as a single file:"))
        click.echo(f"  {other}")
    if not made.names.name.startswith(PREFIX):
        click.echo(
            say(
                f"提示：插件的发行名通常以{PREFIX}开头，例如{PREFIX}{made.names.name}",
                f"a hint: distributions of plugins are mostly named {PREFIX}…, for example {PREFIX}{made.names.name}",
            )
        )


def _steps(made: Made) -> list[tuple[str, str]]:
    """What to type next, and what for."""
    return [
        (f"cd {made.place}", say("按“改：”注释修改", "change what is marked 改：")),
        ("pip install -e . pytest", say("安装", "install it")),
        ("pytest", say("测试", "test it")),
        ("egov plugins list", say("看看找到了没有", "see whether it is found")),
    ]


def _steps_of_a_file(made: Made) -> list[tuple[str, str]]:
    folder = made.place.parent
    return [
        (
            f'[plugins] plugins-dir = "{folder}"',
            say("写进 egov.toml，相对于它所在的文件夹", "into egov.toml, relative to its folder"),
        ),
        ("egov plugins list --config egov.toml", say("看看找到了没有", "see whether it is found")),
    ]
