"""Presentation attack detection (ISO/IEC 30107-3 terms): is this a living head before this kiosk's own screen?

Every judgement is one of three words. Only a unanimous `bona_fide` passes: nothing is averaged, and what
cannot be told is `inconclusive`, which is neither a pass nor an accusation. The figures were measured on
rendered heads and prints (docs/explanation/face.md): regression evidence, not a certificate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kiosk.messages import Colour

MIN_TURN_DEG, MAX_TURN_DEG = 12.0, 45.0
MIN_TURN_FRAMES = 4
MIN_HOMOGRAPHY_RESIDUAL = 0.035
MIN_RESIDUAL_RATIO = 1.6

MIN_CORRELATION, ATTACK_CORRELATION = 0.8, 0.55
MIN_MODULATION = 0.07
MAX_AMBIENT_LUX = 1000.0
"""Above this the screen's light drowns: live and replay come near at 1,000 lux and overlap at 2,000."""


class Judgement(StrEnum):
    """What a liveness test says of a presentation."""

    BONA_FIDE = "bona_fide"
    ATTACK = "attack"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class TurnSample:
    """One frame of a turn, against the neutral face: yaw in degrees, residuals over the inter-ocular distance."""

    yaw_deg: float
    homography_residual: float
    pose_residual: float


@dataclass(frozen=True)
class FlashSample:
    """The face's mean linear colour while the screen showed `commanded`."""

    commanded: Colour
    seen: NDArray[np.float64]


def in_turn(yaw_deg: float, direction: int) -> bool:
    """Whether a yaw counts for a turn to `direction` (1: the visitor's left, -1: right): the yaw gate."""
    return MIN_TURN_DEG <= yaw_deg * direction <= MAX_TURN_DEG


def judge_turn(samples: Sequence[TurnSample], direction: int) -> Judgement:
    """Whether the face turned as a solid does: more than a plane could explain, and better as a head.

    The residual counts only behind the yaw gate (a smile alone makes 6.5 % at no yaw), and as a median (one
    frame in fifty of a print passes by chance).
    """
    gated = [sample for sample in samples if in_turn(sample.yaw_deg, direction)]
    if len(gated) < MIN_TURN_FRAMES:
        return Judgement.INCONCLUSIVE
    residual = np.median([sample.homography_residual for sample in gated])
    ratio = np.median([sample.homography_residual / max(sample.pose_residual, 1e-6) for sample in gated])
    solid = residual >= MIN_HOMOGRAPHY_RESIDUAL and ratio >= MIN_RESIDUAL_RATIO
    return Judgement.BONA_FIDE if solid else Judgement.ATTACK


def flash_response(samples: Sequence[FlashSample]) -> tuple[float, float]:
    """Correlation of seen with commanded colour, and modulation (response to full white over the mean level).

    Per channel, in linear light, both sides about their mean; NaN-free: without response both are 0.
    """
    colours = sorted({sample.commanded for sample in samples})
    seen = np.array([_mean_seen(samples, colour) for colour in colours])
    commanded = _linear(colours)
    level = seen.mean(axis=0)
    if not np.isfinite(seen).all() or (level <= 0).any():
        return 0.0, 0.0
    response = ((seen - level) / level).ravel()
    command = (commanded - commanded.mean(axis=0)).ravel()
    strength = float(response @ response) * float(command @ command)
    if strength <= 0:
        return 0.0, 0.0
    along = float(response @ command)
    return along / float(np.sqrt(strength)), along / float(command @ command)


def judge_flash(samples: Sequence[FlashSample], ambient_lux: float | None) -> Judgement:
    """Whether the face reflected this kiosk's colours, in this order, as skin before it does."""
    correlation, modulation = flash_response(samples)
    if ambient_lux is not None and ambient_lux > MAX_AMBIENT_LUX:
        return Judgement.INCONCLUSIVE
    if modulation >= MIN_MODULATION and correlation >= MIN_CORRELATION:
        return Judgement.BONA_FIDE
    lit_enough = ambient_lux is not None or modulation >= MIN_MODULATION
    return Judgement.ATTACK if lit_enough and correlation <= ATTACK_CORRELATION else Judgement.INCONCLUSIVE


def unanimous(judgements: Iterable[Judgement]) -> Judgement:
    """All bona fide, or what speaks against it: an attack before a doubt. Of none, a doubt."""
    found = set(judgements)
    if Judgement.ATTACK in found:
        return Judgement.ATTACK
    return Judgement.BONA_FIDE if found == {Judgement.BONA_FIDE} else Judgement.INCONCLUSIVE


def _mean_seen(samples: Sequence[FlashSample], colour: Colour) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = np.mean([sample.seen for sample in samples if sample.commanded == colour], axis=0)
    return mean


def _linear(colours: Sequence[Colour]) -> NDArray[np.float64]:
    values = np.array(colours, np.float64) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
