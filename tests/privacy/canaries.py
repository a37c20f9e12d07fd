"""Made-up people whose every datum occurs nowhere else, so that whatever is found of them was left behind.

Their faces are the rig's baked ones, for a face check must pass; each portrait is encoded anew, so that its bytes,
its pixels and its embedding are its own.
"""

from __future__ import annotations

import io
import json
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pictures
from PIL import ImageEnhance

from drivers.face_embedding.dlib_resnet import DlibResnetEmbedder
from drivers.face_mesh.mediapipe_mesh import MediapipeFaceMesh
from kiosk.face.comparison import Embedding
from kiosk.ports import Image
from provisioning.rig import people
from provisioning.rig.faces import card as card_picture

from . import faces, spellings
from .needles import Needle

FACES = ("lan", "minh", "tu")
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
FAMILY_NAMES = ("Đặng", "Nguyễn", "Huỳnh", "Vũ", "Trương", "Đỗ")
ONSETS, CODAS = ("Ngh", "Kh", "Th", "Qu", "X", "Gi", "Tr", "V"), ("n", "ng", "m", "c", "t", "p")
COUNT = 50


@dataclass(frozen=True)
class Canary:
    """One of them, with the portrait in their chip."""

    persona: people.Persona
    portrait: bytes

    @property
    def id(self) -> str:
        return self.persona.id

    def texts(self) -> set[Needle]:
        """Every spelling of what is written of them."""
        card, hospital = self.persona.card, self.persona.hospital
        needles = spellings.of_name(self.id, card.name) | spellings.of_citizen_number(self.id, card.citizen_number)
        words = {
            "residence": card.residence,
            "place of origin": card.place_of_origin,
            "old number": card.old_number,
            "insurance card": hospital.insurance_card or "",
        }
        for what, text in words.items():
            if text:
                needles |= spellings.of_words(self.id, what, text)
        return needles

    def portrait_needles(self) -> set[Needle]:
        """Pieces of the portrait as bytes and as pixels."""
        pixels = faces.decoded(self.portrait)
        return faces.of_jpeg(self.id, self.portrait) | faces.of_pixels(self.id, "portrait", pixels)

    def embedding(self, mesh: MediapipeFaceMesh, embedder: DlibResnetEmbedder) -> Embedding:
        """The portrait's embedding, as the kiosk's models give it."""
        pixels = faces.decoded(self.portrait)
        landmarks = mesh.still_landmarks(pixels)
        assert landmarks is not None
        return embedder.embed(pixels, landmarks)


def make(number: int, baked_dir: Path, people_dir: Path, faces_dir: Path) -> Canary:
    """The canary of that number, with everything the rig needs to let them visit."""
    persona_id, like = f"canary-{number:02d}", FACES[number % len(FACES)]
    document = people.load(like).model_dump(mode="json")
    values = _values(number, document)
    (people_dir / f"{persona_id}.toml").write_text(_toml(values), encoding="utf-8")
    persona = people.Persona.model_validate({"id": persona_id, **values})
    portrait = _portrait(number, baked_dir / f"{like}.jpg")
    (faces_dir / f"{persona_id}.jpg").write_bytes(portrait)
    (faces_dir / f"{persona_id}.npz").symlink_to((baked_dir / f"{like}.npz").resolve())
    card_picture.picture(persona.card).save(faces_dir / f"{persona_id}-card.png")
    return Canary(persona, portrait)


def _values(number: int, like: dict[str, Any]) -> dict[str, Any]:
    """A persona's file: the sex and face of one of the rig's people, everything else a canary's own."""
    born = date(1950 + number % 55, 1 + number % 12, 1 + number % 28)
    woman = like["card"]["gender"] == "female"
    century = (born.year // 100 - 19) * 2 + woman
    six, seven = (number * 619_573 + 418_207) % 1_000_000, (number * 7_351_969 + 2_640_817) % 10_000_000
    return {
        "summary": "Nobody; see where anything of them turns up",
        "card": {
            "citizen_number": f"098{century}{born:%y}{six:06d}",
            "name": name(number),
            "date_of_birth": born.isoformat(),
            "gender": like["card"]["gender"],
            "date_of_issue": "2023-06-08",
            "date_of_expiry": "2061-04-12",
            "old_number": f"09{seven:07d}",
            "residence": f"Ngõ {_syllable(number + 11)} {_syllable(number + 29)}, Phường {_syllable(number + 47)}",
            "place_of_origin": f"Thôn {_syllable(number + 5)} {_syllable(number + 61)}",
        },
        "face": like["face"],
        "hospital": {
            "insurance": "valid",
            "insurance_card": f"DN498{seven:07d}{number:03d}",
            "insurance_valid_until": "2061-12-31",
        },
    }


def name(number: int) -> str:
    """Three names of which the last two are of no language, with three of the letters that carry tones."""
    family = FAMILY_NAMES[number % len(FAMILY_NAMES)]
    return f"{family} {_syllable(2 * number)} {_syllable(2 * number + 1)} {_syllable(number + 37)}"


def _syllable(number: int) -> str:
    letter = LETTERS[number % len(LETTERS)]
    return ONSETS[number % len(ONSETS)] + letter + CODAS[(number // 3) % len(CODAS)]


def _portrait(number: int, baked: Path) -> bytes:
    """The baked portrait a little lighter or darker, in a quality of its own."""
    with Pictures.open(baked) as picture:
        own = ImageEnhance.Brightness(picture.convert("RGB")).enhance(0.95 + 0.002 * number)
    return encode(np.asarray(own), 84 + number % 12)


def encode(pixels: Image, quality: int) -> bytes:
    """A JPEG."""
    encoded = io.BytesIO()
    Pictures.fromarray(pixels).save(encoded, "JPEG", quality=quality)
    return encoded.getvalue()


def _toml(values: dict[str, Any], prefix: str = "") -> str:
    plain = [f"{key} = {_scalar(value)}" for key, value in values.items() if not isinstance(value, dict)]
    tables = [
        f"\n[{prefix}{key}]\n{_toml(value, f'{prefix}{key}.')}"
        for key, value in values.items()
        if isinstance(value, dict)
    ]
    return "\n".join([*plain, *tables])


def _scalar(value: Any) -> str:
    return value if _is_date(value) else json.dumps(value, ensure_ascii=False)


def _is_date(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
