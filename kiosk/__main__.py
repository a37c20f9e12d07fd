"""The `kiosk` command. Exit codes of a visit: 0 what the visitor came for, 1 fault, 2 usage, 3 pending,
4 refused, 5 staff, 6 abandoned.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from kiosk import effective_settings, outbox_command, settings
from kiosk.errors import KioskError, SettingsInvalid
from kiosk.flows import diagram
from kiosk.flows.catalogue import FLOWS

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # whose tables break the options' values in mid-word
    help=__doc__,
)

SettingsFile = Annotated[Path, typer.Option("--settings", help="The kiosk's settings file")]
DEFAULT_SETTINGS = Path("/etc/kiosk/kiosk.toml")


class Process(StrEnum):
    """The kiosk's processes."""

    SCREEN = "screen"
    VISION = "vision"
    LINK = "link"


@app.command()
def run(
    settings_file: SettingsFile = DEFAULT_SETTINGS,
    process: Annotated[
        Process | None, typer.Option(help="Run this process alone, as systemd does; all three without it")
    ] = None,
) -> None:
    """Run the kiosk on this machine's hardware."""
    loaded = settings.load(settings_file)
    if process is None:
        from kiosk.supervisor import Supervisor

        raise typer.Exit(Supervisor(settings_file).run())
    from kiosk import wiring

    raise typer.Exit(wiring.run_process(process.value, loaded))


@app.command()
def config(
    settings_file: SettingsFile = DEFAULT_SETTINGS,
    changed: Annotated[bool, typer.Option("--changed", help="Only what differs from the defaults")] = False,
) -> None:
    """Show the settings in force, each with its description."""
    for line in effective_settings.lines(settings.load(settings_file), changed_only=changed):
        print(line)


@app.command()
def flows() -> None:
    """Draw every service's steps from its table, as a page of Mermaid diagrams."""
    print(diagram.document(list(FLOWS.values())), end="")


@app.command()
def outbox(
    settings_file: SettingsFile = DEFAULT_SETTINGS,
    release: Annotated[
        str | None, typer.Option(metavar="ID|all", help="Let what was set aside be tried again: one event, or all")
    ] = None,
) -> None:
    """Show what the hospital has not heard yet, and what of it was set aside; ask the running link process."""
    from kiosk.wiring import RuntimeFiles

    link_socket = RuntimeFiles(settings.load(settings_file).runtime_dir).link
    if release is None:
        for line in outbox_command.lines(link_socket):
            print(line)
        return
    try:
        count = outbox_command.release(link_socket, release)
    except ValueError as error:
        raise typer.BadParameter("an event's id, as the list shows it, or all", param_hint="--release") from error
    print(f"{count} to be delivered again")
    if count == 0:
        raise typer.Exit(1)


def _add_rig_commands() -> None:
    """`rig`, `rehearse` and `benchmark` exist where the rig's extra is installed."""
    if find_spec("fastapi") is None or find_spec("skimage") is None:
        return
    from provisioning.rig import commands

    commands.add_to(app)


def main() -> None:
    """Entry point; named errors are one line on stderr and exit code 1 (2 for settings)."""
    _add_rig_commands()
    try:
        app()
    except SettingsInvalid as error:
        print(f"kiosk: {error}", file=sys.stderr)
        sys.exit(2)
    except KioskError as error:
        print(f"kiosk: {error.code}: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
