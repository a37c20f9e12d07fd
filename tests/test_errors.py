import pytest

from kiosk import errors, strings
from kiosk.errors import KioskError, NeedsStaff, RefuseVisitor, Retryable

PARTS = (
    errors.ReaderError, errors.ChipError, errors.CameraError, errors.FaceError, errors.PrinterError,
    errors.SiteError, errors.StoreError, errors.PanelError, errors.ScreenError, errors.CallError,
    errors.ConfigurationError,
)  # fmt: skip
CODES = sorted(KioskError.by_code)


@pytest.mark.parametrize("code", CODES)
def test_every_error_has_one_part_and_one_remedy(code: str) -> None:
    error = KioskError.by_code[code]
    assert sum(issubclass(error, part) for part in PARTS) == 1
    assert sum(issubclass(error, remedy) for remedy in (Retryable, NeedsStaff, RefuseVisitor)) == 1


@pytest.mark.parametrize("language", strings.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_error_has_a_reason_and_a_next_step_in_every_language(language: str, code: str) -> None:
    words = strings.table(language)
    assert words[f"errors.{code}.reason"]
    assert words[f"errors.{code}.next_step"]


def test_two_errors_cannot_share_a_code() -> None:
    with pytest.raises(TypeError, match="process_away"):
        type("Other", (errors.CallError, NeedsStaff), {"code": "process_away"})


def test_an_unknown_code_from_another_process_is_a_refusal() -> None:
    assert isinstance(errors.error_from_code("from_the_future", ""), errors.CallRefused)
