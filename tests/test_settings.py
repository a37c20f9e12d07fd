from pathlib import Path

import pytest

from kiosk.errors import SettingsInvalid
from kiosk.settings import load, merge

MINIMAL = """
kiosk_id = "clinic-01"
[site]
base_url = "https://hospital.example/fhir"
token_url = "https://hospital.example/token"
client_id = "clinic-01"
client_key_file = "client.pem"
ca_file = "ca.pem"
name = { vi = "Bệnh viện", en = "Hospital" }
[store]
database_file = "kiosk.db"
key_file = "kiosk.key"
[trust]
csca_dir = "csca"
"""


def write(directory: Path, text: str, *overrides: str) -> Path:
    file = directory / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    (directory / "conf.d").mkdir()
    for number, override in enumerate(overrides):
        (directory / "conf.d" / f"{number}.toml").write_text(override, encoding="utf-8")
    return file


def test_an_override_keeps_the_other_values_of_its_table(tmp_path: Path) -> None:
    settings = load(write(tmp_path, MINIMAL, "[site]\ntimeout_s = 9", "[printer]\nport = 9101"))
    assert (settings.site.timeout_s, settings.site.client_id, settings.printer.port) == (9, "clinic-01", 9101)


def test_merge_goes_as_deep_as_the_tables() -> None:
    assert merge({"a": {"b": {"c": 1, "d": 2}}}, {"a": {"b": {"c": 3}}}) == {"a": {"b": {"c": 3, "d": 2}}}


@pytest.mark.parametrize(
    "simulated",
    [
        "[reader]\nsimulated = true",
        '[camera]\ndriver = "synthetic"',
        "[printer]\nsimulated = true",
        '[panel]\ndriver = "mock"',
    ],
)
def test_the_production_profile_refuses_simulated_parts(tmp_path: Path, simulated: str) -> None:
    with pytest.raises(SettingsInvalid, match="refuses simulated parts"):
        load(write(tmp_path, MINIMAL, simulated))


def test_the_site_is_spoken_to_over_https_only(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="https"):
        load(write(tmp_path, MINIMAL.replace("https://hospital.example/fhir", "http://hospital.example/fhir")))


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"printer\.prot"):
        load(write(tmp_path, MINIMAL, "[printer]\nprot = 9101"))


def test_a_missing_file_and_broken_toml_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"kiosk\.toml"):
        load(tmp_path / "kiosk.toml")
    (tmp_path / "kiosk.toml").write_text("= nonsense")
    with pytest.raises(SettingsInvalid, match=r"kiosk\.toml"):
        load(tmp_path / "kiosk.toml")
