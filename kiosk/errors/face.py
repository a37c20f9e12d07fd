"""The face and the camera."""

from __future__ import annotations

from kiosk.errors.base import CallError, CameraError, FaceError, NeedsStaff, Retryable


class CameraUnavailable(CameraError, NeedsStaff):
    """The camera is not there, or gives no frames."""

    code = "camera_unavailable"


class CameraFrozen(CameraError, NeedsStaff):
    """The camera gives the same frame again and again."""

    code = "camera_frozen"


class CameraDark(CameraError, NeedsStaff):
    """The camera gives black pictures: something covers it."""

    code = "camera_dark"


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
