"""Starts the kiosk's processes where nothing can be written but their own directory, as their units have it.

systemd does this on a device (ProtectSystem=strict, PrivateTmp, ReadWritePaths); here a mount namespace does. So
whatever a visit leaves behind lies in that directory, whoever wrote it: the kiosk or a library of its.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kiosk.supervisor import Command, ProcessName, command

_SHUT = """
mount --make-rprivate / && mount --bind "$1" "$1" || exit
for at in $(findmnt --raw --noheadings --output TARGET); do
    case "$at" in "$1" | /proc | /proc/* | /sys | /sys/* | /dev/pts | /dev/mqueue | /dev/hugepages) ;;
    *) mount -o remount,bind,ro "$at" || exit ;; esac
done
if touch /dev/shm/not-shut "$2/not-shut" 2>/dev/null; then exit 1; fi
shift 2 && exec "$@"
"""


def shut_in(directory: Path, programs: Mapping[ProcessName, Path] | None = None) -> Command:
    """What starts a process so; `programs` run in place of `kiosk` for some of them."""

    def shut(name: ProcessName, settings_file: Path) -> list[str]:
        python, *arguments = command(name, settings_file)
        if programs and name in programs:
            arguments[arguments.index("-m") : arguments.index("kiosk") + 1] = [str(programs[name])]
        here = str(Path.cwd())
        return ["unshare", "--mount", "sh", "-c", _SHUT, "sh", str(directory), here, python, *arguments]

    return shut
