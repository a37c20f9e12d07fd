"""The chip and the card reader."""

from __future__ import annotations

from kiosk.errors.base import CameraError, ChipError, ConfigurationError, NeedsStaff, ReaderError, Retryable


class ReaderUnavailable(ReaderError, NeedsStaff):
    """No card reader, or no service that speaks to it."""

    code = "reader_unavailable"


class CardRemoved(ReaderError, Retryable):
    """The card left the reader; this says nothing about the access key."""

    code = "card_removed"


class CardUnresponsive(ReaderError, Retryable):
    """The card lies on the reader but an exchange with it failed."""

    code = "card_unresponsive"


class CardNotSupported(ChipError, NeedsStaff):
    """Not a document this kiosk can read."""

    code = "card_not_supported"


class WrongAccessKey(ChipError, Retryable):
    """The chip refused the digits or the MRZ it was given."""

    code = "wrong_access_key"


class CardSwapped(ChipError, NeedsStaff):
    """A reading was to go on and another card lies there; nothing of the two is ever put together."""

    code = "card_swapped"


class AccessKeyInsufficient(ChipError, Retryable):
    """The chip does not speak PACE, so six digits cannot open it; the card's QR code can."""

    code = "access_key_insufficient"


class ChipFailed(ChipError, Retryable):
    """The chip answered a command with an error it should not have."""

    code = "chip_failed"


class FileAbsent(ChipFailed):
    """The chip has no such file (6A82)."""


class FileRefused(ChipFailed):
    """The chip keeps this file for terminals with more rights (6982, 6985)."""


class FileUnreachable(ChipFailed):
    """The chip does not take the way this file was asked for (6A86, 6D00 and the like)."""


class SecureMessagingBroken(ChipError, Retryable):
    """An answer inside secure messaging was unprotected or its MAC was wrong; the session is closed."""

    code = "secure_messaging_broken"


class CardAnswerInvalid(ChipError, NeedsStaff):
    """The chip's answer breaks the standard."""

    code = "card_answer_invalid"


class ApduInvalid(CardAnswerInvalid):
    """A response without a status word, or longer than asked for."""


class TlvInvalid(CardAnswerInvalid):
    """A BER-TLV object is cut short, too long, or not the one expected."""


class DerInvalid(CardAnswerInvalid):
    """A DER structure (SOD, SecurityInfos, certificate, key) is malformed."""


class MrzInvalid(CardAnswerInvalid):
    """The MRZ's length, characters or check digits are wrong."""


class PointInvalid(CardAnswerInvalid):
    """A public key is no point of the curve, or our own one reflected."""


class PortraitInvalid(CardAnswerInvalid):
    """DG2 does not hold an ISO 19794-5 face image."""


class CitizenNumberInvalid(ChipError, NeedsStaff):
    """Not a twelve-digit Vietnamese citizen number."""

    code = "citizen_number_invalid"


class CardQrInvalid(CameraError, Retryable):
    """A QR code was read, but not one of an ID card."""

    code = "card_qr_invalid"


class TrustStoreInvalid(ConfigurationError, NeedsStaff):
    """The directory of CSCA certificates cannot be read."""

    code = "trust_store_invalid"


class DemoIssuerRefused(ConfigurationError, NeedsStaff):
    """A demonstration CSCA lies in the trust store of a production kiosk."""

    code = "demo_issuer_refused"
