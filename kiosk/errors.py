"""One tree of errors on two axes: the part that failed and the remedy that helps.

    KioskError
    ├── part:   ReaderError · ChipError · CameraError · FaceError · PrinterError · SiteError · StoreError
    │           ScreenError · PanelError · CallError · ConfigurationError
    └── remedy: Retryable · NeedsStaff · RefuseVisitor

A concrete error inherits one of each, `class PaperOut(PrinterError, NeedsStaff)`, and names a stable
`code` that keys the visitor's words (`errors.<code>.reason`, `errors.<code>.next_step`) in every language.
"""

from __future__ import annotations

from typing import ClassVar


class KioskError(Exception):
    """Anything that goes wrong in the kiosk; `code` is stable and safe to show and to log."""

    code: ClassVar[str] = ""
    by_code: ClassVar[dict[str, type[KioskError]]] = {}

    def __init_subclass__(cls) -> None:
        """Register concrete errors by their code, once."""
        code = cls.__dict__.get("code")
        if code:
            if code in KioskError.by_code:
                raise TypeError(f"two errors share the code {code!r}")
            KioskError.by_code[code] = cls


# remedies
class Retryable(KioskError):
    """The visitor, or the kiosk by itself, may try again."""


class NeedsStaff(KioskError):
    """Only a person at the desk can help on."""


class RefuseVisitor(KioskError):
    """The visit must not go on; the visitor is told why and where to go."""


# parts
class ReaderError(KioskError):
    """The card reader or the way to it."""


class ChipError(KioskError):
    """The card's chip and what it proves."""


class CameraError(KioskError):
    """The camera or the frames it gives."""


class FaceError(KioskError):
    """The face check."""


class PrinterError(KioskError):
    """The slip printer."""


class SiteError(KioskError):
    """The hospital's or station's backend."""


class StoreError(KioskError):
    """The kiosk's own encrypted database."""


class ScreenError(KioskError):
    """The touchscreen."""


class PanelError(KioskError):
    """Lamps, buzzer, sensors."""


class CallError(KioskError):
    """A call between the kiosk's own processes."""


class ConfigurationError(KioskError):
    """The settings, or what they point at."""


class ProcessAway(CallError, NeedsStaff):
    """The other process does not answer on its socket."""

    code = "process_away"


class CallTimedOut(CallError, Retryable):
    """The other process did not answer before the call's deadline."""

    code = "call_timed_out"


class CallRefused(CallError, NeedsStaff):
    """The other process refused the message or failed in a way it has no name for."""

    code = "call_refused"


class NothingToTouch(ScreenError, Retryable):
    """The rig's pilot wanted to touch what is not on the glass."""

    code = "nothing_to_touch"


class SettingsInvalid(ConfigurationError, NeedsStaff):
    """A setting is missing, out of range, or not allowed by the profile."""

    code = "settings_invalid"


# the slip printer and the panel ---------------------------------------------------------------------------
class PaperOut(PrinterError, NeedsStaff):
    """The paper roll has run out."""

    code = "printer_paper_out"


class PaperLow(PrinterError, NeedsStaff):
    """The roll is near its end; a warning for staff, never raised: the printer still prints."""

    code = "printer_paper_low"


class CoverOpen(PrinterError, NeedsStaff):
    """The printer's cover is open."""

    code = "printer_cover_open"


class CutterError(PrinterError, NeedsStaff):
    """The cutter is jammed."""

    code = "printer_cutter_error"


class PrinterOverheated(PrinterError, Retryable):
    """The print head is too hot and prints again by itself once it has cooled."""

    code = "printer_overheated"


class PrinterFault(PrinterError, NeedsStaff):
    """The printer reports an error that it names no further."""

    code = "printer_fault"


class PrinterOffline(PrinterError, NeedsStaff):
    """The printer is off line and says no reason."""

    code = "printer_offline"


class PrinterSilent(PrinterError, NeedsStaff):
    """The printer takes bytes and says nothing: its state is unknown, which is never fine."""

    code = "printer_silent"


class PrinterUnreachable(PrinterError, NeedsStaff):
    """No connection to the printer can be made."""

    code = "printer_unreachable"


class PrinterConnectionLost(PrinterError, NeedsStaff):
    """The connection broke in the middle of a slip."""

    code = "printer_connection_lost"


class SlipUnknown(PrinterError, NeedsStaff):
    """There is no slip of that name."""

    code = "slip_unknown"


class SlipValuesInvalid(PrinterError, NeedsStaff):
    """A slip was given too few values, or one it does not take; names the keys, never the values."""

    code = "slip_values_invalid"


class PanelUnavailable(PanelError, NeedsStaff):
    """The GPIO controller cannot be opened."""

    code = "panel_unavailable"


class PanelPinUnavailable(PanelError, NeedsStaff):
    """A pin does not exist, is set twice, or is held by something else."""

    code = "panel_pin_unavailable"


# the hospital and the record
class SiteUnreachable(SiteError, Retryable):
    """No connection to the site; nothing was sent."""

    code = "site_unreachable"


class SiteTimedOut(SiteError, Retryable):
    """The site took the request but did not answer before the deadline; it may have acted on it."""

    code = "site_timed_out"


class SiteAnswerLost(SiteError, Retryable):
    """The connection broke before the whole answer was here; the site may have acted on the request."""

    code = "site_answer_lost"


class SiteFailed(SiteError, Retryable):
    """The site answered with a fault of its own (5xx); `retry_after_s` is what it asked for, if it did."""

    code = "site_failed"

    def __init__(self, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class SiteBusy(SiteFailed):
    """The site asks to come back later: 408, 425, 429, or 503 (RFC 9110 §15, RFC 6585 §4)."""

    code = "site_busy"


class SiteStillWorking(SiteFailed):
    """The site is still at work on an earlier try of the same event (409)."""

    code = "site_still_working"


class SiteSpokeNonsense(SiteError, Retryable):
    """The answer is not the FHIR that was asked for, such as a web page of something in between."""

    code = "site_spoke_nonsense"


class SiteNotTrusted(SiteError, NeedsStaff):
    """The site's TLS certificate does not chain to the configured CA, or names another host."""

    code = "site_not_trusted"


class SiteTokenRefused(SiteError, NeedsStaff):
    """The site does not accept the kiosk's credentials (401, 403, or no token)."""

    code = "site_token_refused"


class SiteNotSuitable(SiteError, NeedsStaff):
    """The site's CapabilityStatement lacks FHIR R4, JSON, or transactions."""

    code = "site_not_suitable"


class SiteRefused(SiteError, NeedsStaff):
    """The site refuses what was sent for good (400, 404, 422)."""

    code = "site_refused"


class SiteFindsSeveral(SiteError, NeedsStaff):
    """Several of the site's records match a condition (412), as two patients with one number."""

    code = "site_finds_several"


class QueueNumbersUsedUp(SiteError, NeedsStaff):
    """The site is away and the series of queue numbers leased from it is used up."""

    code = "queue_numbers_used_up"


class DepartmentsUnknown(SiteError, NeedsStaff):
    """The site is away and this kiosk has never heard which departments there are."""

    code = "departments_unknown"


class ClientKeyUnusable(ConfigurationError, NeedsStaff):
    """The key the kiosk signs in to the site with is missing, not an EC P-384 key, or not mode 0600."""

    code = "client_key_unusable"


class StoreKeyMissing(StoreError, NeedsStaff):
    """There is a database but no key file; a new key could not open it, so none is made."""

    code = "store_key_missing"


class StoreKeyExposed(StoreError, NeedsStaff):
    """The key file can be read by others, or is not a file of its own."""

    code = "store_key_exposed"


class StoreKeyWrong(StoreError, NeedsStaff):
    """The key does not open the database, or is not 32 bytes."""

    code = "store_key_wrong"


class StoreNewer(StoreError, NeedsStaff):
    """The database was written by a newer version of the kiosk."""

    code = "store_newer"


class StoreInUse(StoreError, NeedsStaff):
    """Another process has the database."""

    code = "store_in_use"


class StoreUnwritable(StoreError, NeedsStaff):
    """The database cannot be written: disk full, read-only, or damaged."""

    code = "store_unwritable"


# chip and card reader --------------------------------------------------------------------------------------
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


# the face and the camera
class CameraUnavailable(CameraError, NeedsStaff):
    """The camera is not there, or gives no frames."""

    code = "camera_unavailable"


class CameraFrozen(CameraError, NeedsStaff):
    """The camera gives the same frame again and again."""

    code = "camera_frozen"


class StaleSession(CallError, NeedsStaff):
    """A call of a visit that is over, or with a nonce that is not the running check's."""

    code = "stale_session"


class PortraitUnreadable(FaceError, NeedsStaff):
    """The document's portrait cannot be decoded, or no face is found in it."""

    code = "portrait_unreadable"


class FaceNotFound(FaceError, Retryable):
    """Nobody stood before the camera in time."""

    code = "face_not_found"


class TwoFaces(FaceError, Retryable):
    """More than one face was in the picture."""

    code = "two_faces"


class FacePicturePoor(FaceError, Retryable):
    """A face was there, but the picture never became good enough to judge by."""

    code = "face_picture_poor"


class FaceOtherPerson(FaceError, NeedsStaff):
    """The face is not the document's."""

    code = "face_other_person"


class FaceUnsure(FaceError, Retryable):
    """The face may be the document's; the picture does not decide it."""

    code = "face_unsure"


class FaceNotLive(FaceError, Retryable):
    """A liveness test failed; which one is never told."""

    code = "face_not_live"


class FaceInconclusiveLight(FaceError, NeedsStaff):
    """The light here does not let the kiosk tell a living face."""

    code = "face_inconclusive_light"


class FaceCheckTimeout(FaceError, Retryable):
    """The visitor did not do what was asked in time (ISO/IEC 30107-3: non-response)."""

    code = "face_check_timeout"


class FaceTrackLost(FaceError, Retryable):
    """The face left the picture, or jumped, during the check."""

    code = "face_track_lost"


class FaceDocumentLocked(FaceError, NeedsStaff):
    """Too many failed checks with this document in a short time."""

    code = "face_document_locked"


def error_from_code(code: str, detail: str) -> KioskError:
    """Rebuild an error that crossed a socket by its code; an unknown code becomes `CallRefused`."""
    return KioskError.by_code.get(code, CallRefused)(detail)
