"""Colours and sizes. Everything is millimetres on the glass, turned into pixels by the panel's density."""

from __future__ import annotations

from kiosk.settings import ScreenSettings

Rgba = tuple[float, float, float, float]

COLOURS: dict[str, str] = {
    "paper": "#F3F6F5",
    "card": "#FFFFFF",
    "ink": "#0F212C",
    "ink_soft": "#33454F",
    "line": "#9AA9B0",
    "hairline": "#D5DEE0",
    "primary": "#064868",
    "primary_pressed": "#022A3E",
    "primary_soft": "#DCEBF1",
    "good": "#0B5437",
    "good_soft": "#DFF1E6",
    "attention": "#FFDF94",
    "attention_soft": "#FFF3D6",
    "stop": "#7C1D1D",
    "stop_soft": "#FAE6E3",
    "banner": "#FFC93C",
}

TEXT_ON: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "primary_soft"),
    ("ink", "good_soft"),
    ("ink", "attention"),
    ("ink", "attention_soft"),
    ("ink", "stop_soft"),
    ("ink", "banner"),
    ("ink_soft", "paper"),
    ("ink_soft", "card"),
    ("primary", "card"),
    ("primary", "paper"),
    ("primary", "primary_soft"),
    ("card", "primary"),
    ("card", "primary_pressed"),
    ("card", "good"),
    ("card", "stop"),
    ("card", "ink"),
    ("good", "good_soft"),
    ("good", "card"),
    ("good", "paper"),
    ("stop", "stop_soft"),
)
"""Every pair of text colour and ground the kit may use; the tests hold each to 7:1 (WCAG 2.2, 1.4.6)."""

MINIMUM_CAP_MM = 4.8
"""ADA 707.7.2: the smallest height of a capital letter."""

MINIMUM_TOUCH_MM = 20.0
"""Colle and Hiszem 2004: keys smaller than this cost standing people errors."""

CAP_MM = {
    "small": 4.8,
    "body": 5.4,
    "label": 5.8,
    "heading": 6.4,
    "fact": 7.6,
    "title": 9.2,
    "display": 12.5,
    "digits": 10.0,
    "number": 36.0,
}
"""Height of a capital letter by a text's role on a tall glass."""

LANDSCAPE_CAP_MM = {
    **CAP_MM,
    "body": 5.1,
    "label": 5.3,
    "heading": 5.8,
    "fact": 6.2,
    "title": 7.0,
    "display": 9.0,
    "digits": 7.2,
    "number": 22.0,
}

CAP_HEIGHT_EM = 2048 / 2816
"""Inter's capital height in em (OS/2 sCapHeight over unitsPerEm)."""

SCALES = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52)
"""How far a screen's words shrink together before they would not fit; never below the minimum."""


class Theme:
    """The one glass of this process; `configure` is called before any widget is made."""

    def __init__(self) -> None:
        self.pixels_per_mm = 5.58
        self.portrait = True

    def configure(self, settings: ScreenSettings) -> None:
        """Take size and density from the settings."""
        self.pixels_per_mm = settings.pixels_per_mm
        self.portrait = settings.height_px >= settings.width_px

    def px(self, mm: float) -> int:
        """Millimetres to whole pixels."""
        return round(mm * self.pixels_per_mm)

    def font_px(self, role: str, scale: float = 1.0) -> float:
        """Font size for a role, shrunk by `scale` but never below the smallest capital."""
        caps = CAP_MM if self.portrait else LANDSCAPE_CAP_MM
        cap_mm = max(MINIMUM_CAP_MM, caps[role] * scale)
        return cap_mm * self.pixels_per_mm / CAP_HEIGHT_EM

    @property
    def margin(self) -> int:
        """Space between the content and the edge of the glass."""
        return self.px(9 if self.portrait else 5)

    @property
    def gap(self) -> int:
        """Space between neighbours."""
        return self.px(5 if self.portrait else 3)

    @property
    def radius(self) -> int:
        """Corner radius of buttons and cards."""
        return self.px(4)

    @property
    def touch(self) -> int:
        """The least height of anything that can be touched."""
        return self.px(MINIMUM_TOUCH_MM) + 1

    @property
    def button(self) -> int:
        """Height of a button at the foot of a screen."""
        return self.px(26 if self.portrait else 21)


theme = Theme()


def rgba(name: str, alpha: float = 1.0) -> Rgba:
    """A named colour as Kivy wants it."""
    value = COLOURS[name].lstrip("#")
    red, green, blue = (int(value[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return (red, green, blue, alpha)


def luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance of an sRGB colour with channels 0–1. WCAG 2.2, Definitions."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Contrast ratio of two sRGB colours with channels 0–1. WCAG 2.2, Definitions."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
