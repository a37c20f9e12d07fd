"""The units, as systemd's own tools judge them; nothing here boots."""

import configparser
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.hardening import WIPES_WHAT_IS_FREED

ROOT = Path(__file__).parents[2]
UNITS_DIR = ROOT / "systemd"
PROCESSES = ("screen", "vision", "link")
UNITS = [f"kiosk-{process}.service" for process in PROCESSES]


def run(*command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units with a command that is there, for `verify` looks for the file."""
    directory = tmp_path_factory.mktemp("units")
    shutil.copy(UNITS_DIR / "kiosk.target", directory)
    for name in UNITS:
        text = (UNITS_DIR / name).read_text(encoding="utf-8")
        (directory / name).write_text(re.sub("^ExecStart=.*", "ExecStart=/bin/true", text, flags=re.M))
    return directory


def options(name: str) -> dict[str, list[str]]:
    """All values of each option of a unit's [Service] section."""
    found: dict[str, list[str]] = {}
    section = (UNITS_DIR / name).read_text(encoding="utf-8").split("[Service]")[1].split("[Install]")[0]
    for line in section.splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def calls(names: list[str]) -> set[str]:
    """System calls by name, those of @groups too."""
    found = {name for name in names if not name.startswith("@")}
    for group in set(names) - found:
        listed = run("systemd-analyze", "syscall-filter", "--no-pager", group).stdout.split("\n    ")[1:]
        found |= calls([line.strip() for line in listed if not line.strip().startswith("#")])
    return found


def test_systemd_finds_nothing_wrong_with_the_units(units: Path) -> None:
    done = run("systemd-analyze", "verify", "--man=no", "kiosk.target", *UNITS, cwd=units)
    assert (done.returncode, done.stderr) == (0, "")


def test_verify_would_notice_a_mistake(units: Path, tmp_path: Path) -> None:
    text = (units / UNITS[0]).read_text().replace("ProtectHome=yes", "ProtectHome=perhaps")
    (tmp_path / UNITS[0]).write_text(text)
    assert "protect home" in run("systemd-analyze", "verify", "--man=no", UNITS[0], cwd=tmp_path).stderr


@pytest.mark.parametrize(("name", "exposure"), [(UNITS[0], 10), (UNITS[1], 10), (UNITS[2], 15)])
def test_exposure_stays_low(units: Path, name: str, exposure: int) -> None:
    command = ("systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={exposure}", name)
    done = run(*command, cwd=units)
    assert done.returncode == 0, done.stdout[-200:]


@pytest.mark.parametrize("name", UNITS[:2])
def test_processes_that_see_people_have_no_network_and_no_record(name: str) -> None:
    service = options(name)
    assert service["PrivateNetwork"] == ["yes"]
    assert service["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert service["InaccessiblePaths"] == ["-/var/lib/kiosk"]


@pytest.mark.parametrize("name", UNITS)
def test_nothing_of_a_visit_ends_on_a_disk(name: str) -> None:
    service = options(name)
    wanted = {
        "LimitCORE": "0",
        "MemorySwapMax": "0",
        "LimitMEMLOCK": "infinity",
        "UMask": "0077",
        "PrivateTmp": "yes",
    }
    assert {key: service[key] for key in wanted} == {key: [value] for key, value in wanted.items()}


@pytest.mark.parametrize("name", UNITS)
def test_what_is_freed_is_overwritten(name: str) -> None:
    given = dict(pair.split("=", 1) for line in options(name)["Environment"] for pair in line.split())
    assert {key: given.get(key) for key in WIPES_WHAT_IS_FREED} == WIPES_WHAT_IS_FREED


@pytest.mark.parametrize("name", UNITS)
def test_processes_may_protect_their_memory(name: str) -> None:
    """The calls kiosk/hardening.py makes are among those the unit's filter lets through."""
    allowed, forbidden = options(name)["SystemCallFilter"]
    left = calls(allowed.split()) - calls(forbidden.lstrip("~").split())
    assert {"mlockall", "prctl", "prlimit64"} <= left


@pytest.mark.parametrize("process", PROCESSES)
def test_units_command_is_the_kiosks_and_wrong_settings_end_it_for_good(process: str, tmp_path: Path) -> None:
    service = options(f"kiosk-{process}.service")
    program, *arguments = service["ExecStart"][0].split()
    assert (program, arguments[2]) == ("/opt/kiosk/bin/kiosk", process)
    missing = tmp_path / "kiosk.toml"
    arguments = [str(missing) if argument.startswith("/etc/") else argument for argument in arguments]
    done = run(sys.executable, "-m", "kiosk", *arguments, cwd=ROOT)
    assert str(missing) in done.stderr
    assert [str(done.returncode)] == service["RestartPreventExitStatus"]


@pytest.mark.parametrize("file", sorted((UNITS_DIR / "optional").glob("*.conf")), ids=lambda file: file.stem)
def test_drop_ins_fit_their_unit(units: Path, tmp_path: Path, file: Path) -> None:
    shutil.copytree(units, tmp_path, dirs_exist_ok=True)
    where = re.search(r"/etc/systemd/system/(\S+\.service)\.d/(\S+\.conf)", file.read_text(encoding="utf-8"))
    assert where
    directory = tmp_path / f"{where[1]}.d"
    directory.mkdir()
    shutil.copy(file, directory / where[2])
    done = run("systemd-analyze", "verify", "--man=no", where[1], cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_user_and_directories_come_out_with_their_modes(tmp_path: Path) -> None:
    for directory in ("etc", "run", "var/lib", "usr/lib"):
        (tmp_path / directory).mkdir(parents=True)
    for directory in ("sysusers.d", "tmpfiles.d"):
        shutil.copytree(UNITS_DIR / directory, tmp_path / "usr/lib" / directory)
    for tool in (("systemd-sysusers",), ("systemd-tmpfiles", "--create")):
        done = run(*tool, f"--root={tmp_path}")
        assert done.returncode == 0, done.stderr
    (user,) = [line.split(":") for line in (tmp_path / "etc/passwd").read_text().splitlines()]
    assert (user[0], user[6]) == ("kiosk", "/usr/sbin/nologin")
    expected = {"run/kiosk": (0o700, int(user[2])), "var/lib/kiosk": (0o700, int(user[2])), "etc/kiosk": (0o750, 0)}
    for directory, (mode, owner) in expected.items():
        status = (tmp_path / directory).stat()
        assert (stat.S_IMODE(status.st_mode), status.st_uid) == (mode, owner)


def test_sysctl_keeps_processes_out_of_each_others_memory() -> None:
    parser = configparser.ConfigParser()
    parser.read_string("[all]\n" + (UNITS_DIR / "sysctl.d/60-kiosk.conf").read_text(encoding="utf-8"))
    assert int(parser["all"]["kernel.yama.ptrace_scope"]) >= 1
