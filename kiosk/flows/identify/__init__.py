"""Identification, shared by every service: consent, access key, chip, face, and the holder's own yes.

A service composes it: `TABLE = {**IDENTIFY, Welcome: {...}, IsThisYou: {Confirmed: <its first step>, **NOT_ME}}`.
"""

from kiosk.flows import events as e
from kiosk.flows.engine import Edges, Table
from kiosk.flows.identify.access import AskConsent, ChooseAccess, EnterDigits, LayCard, PutCardBack, ScanQr
from kiosk.flows.identify.chip import ReadingChip
from kiosk.flows.identify.endings import (
    ALWAYS,
    ENDINGS,
    LEAVING,
    Abandoned,
    AskStaff,
    Ending,
    PrintStaffSlip,
    Refused,
    take_card,
)
from kiosk.flows.identify.face import CheckingFace, ExplainFaceCheck, FaceAgain, IsThisYou

NOT_ME: Edges = {e.Declined: PrintStaffSlip}

IDENTIFY: Table = {
    AskConsent: {e.ConsentGiven: ChooseAccess, e.ConsentDeclined: PrintStaffSlip},
    ChooseAccess: {e.UseQrChosen: ScanQr, e.UseDigitsChosen: EnterDigits, e.BackChosen: AskConsent},
    ScanQr: {
        e.QrRead: LayCard,
        e.QrNotRead: EnterDigits,
        e.UseDigitsChosen: EnterDigits,
        e.BackChosen: ChooseAccess,
        e.CameraRestarting: ScanQr,
        e.CameraBack: ScanQr,
    },
    EnterDigits: {e.DigitsEntered: LayCard, e.UseQrChosen: ScanQr, e.BackChosen: ChooseAccess},
    LayCard: {e.CardPlaced: ReadingChip, e.BackChosen: ChooseAccess},
    ReadingChip: {
        e.ChipProgress: ReadingChip,
        e.ChipRead: (ExplainFaceCheck, Refused, PrintStaffSlip),
        e.ChipNotRead: (EnterDigits, PutCardBack, PrintStaffSlip),
        e.TimeUp: PrintStaffSlip,
    },
    PutCardBack: {e.CardPlaced: ReadingChip, e.TimeUp: Abandoned},
    ExplainFaceCheck: {e.Confirmed: CheckingFace},
    CheckingFace: {
        e.FacePromptChanged: CheckingFace,
        e.CameraRestarting: CheckingFace,
        e.CameraBack: CheckingFace,
        e.FaceChecked: (IsThisYou, FaceAgain, PrintStaffSlip),
        e.TimeUp: PrintStaffSlip,
    },
    FaceAgain: {e.Confirmed: CheckingFace},
    **ENDINGS,
}

__all__ = [
    "ALWAYS",
    "IDENTIFY",
    "LEAVING",
    "NOT_ME",
    "Abandoned",
    "AskConsent",
    "AskStaff",
    "Ending",
    "IsThisYou",
    "PrintStaffSlip",
    "Refused",
    "take_card",
]
