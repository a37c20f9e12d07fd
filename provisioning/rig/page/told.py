"""Codes in plain words of both languages."""

from __future__ import annotations

from kiosk import strings
from provisioning.rig.failures import Words
from provisioning.rig.page import words
from provisioning.rig.page.state import Told
from provisioning.rig.site import departments


def told(code: str) -> Told:
    """The page's own words for a code, else what a visitor would be told, else the code itself."""
    return Told(code=code, words=Words(**{language: _said(language, code) for language in words.LANGUAGES}))


def _said(language: str, code: str) -> str:
    own: str | None = words.table(language)["codes"].get(code)
    return own or strings.table(language).get(f"errors.{code}.reason", code)


def department(code: str) -> Words:
    """A department of the stand-in hospital by name."""
    return Words(**departments.load()[code].name)
