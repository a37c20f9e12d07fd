"""Everything that makes one card: its files, its keys, its habits. Written to disk as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

ATR = bytes.fromhex("3B88800100000000338181003A")
"""What a PC/SC reader makes of a contactless ISO 14443-4 type B chip. PC/SC part 3, §3.1.3.2.3.1."""


class Model(BaseModel):
    """A frozen part of a card; unknown keys are an error; bytes are base64 in JSON."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, ser_json_bytes="base64", val_json_bytes="base64"
    )


class ChipBehaviour(Model):
    """In what cards in the field differ from each other."""

    speaks_pace: bool = True
    takes_extended_length: bool = True
    largest_answer: int = Field(2500, description="Most bytes of plain data in one answer; more is 6700")
    gives_at_most: int = Field(65536, description="Bytes in one answer whatever is asked for, without a warning")
    knows_short_ids: bool = True
    selects_master_file: bool = Field(True, description="False answers 6D00, as some Vietnamese cards do")
    starts_in_application: bool = Field(False, description="EF.CardAccess then needs a SELECT of the master file")
    warns_at_end_of_file: bool = Field(False, description="6282 when more is asked for than is left")
    delay_after_failure_s: float = Field(0.05, ge=0, description="Doubles with every wrong key, up to 16-fold")
    command_s: float = Field(0.0, ge=0, description="Time the chip and the air take for one command")
    bytes_per_s: float | None = Field(None, gt=0, description="Air interface; None is instant")
    proves_itself: bool = Field(True, description="False refuses chip authentication")


class ChipImage(Model):
    """A personalised chip. `files` maps file identifiers to contents, `refused` lists those answered with 6982.

    `mrz_key` is document number, date of birth, date of expiry (YYMMDD) as the MRZ writes them;
    `chip_private_key` belongs to the public key in DG14, or does not, in a clone.
    """

    name: str
    atr: bytes = ATR
    card_access: bytes | None = Field(default=None, repr=False)
    files: dict[int, bytes] = Field(repr=False)
    refused: tuple[int, ...] = (0x0103,)
    can: str | None = Field(default=None, repr=False)
    mrz_key: tuple[str, str, str] = Field(repr=False)
    chip_private_key: int | None = Field(default=None, repr=False)
    behaviour: ChipBehaviour = ChipBehaviour()

    def save(self, file: Path) -> None:
        """Write to `file`."""
        file.write_text(self.model_dump_json(), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read from `file`. Raises: OSError, ValueError."""
        return cls.model_validate_json(file.read_text(encoding="utf-8"))
