"""Identification, shared by every service: consent, access key, chip, face, and the holder's own yes.

A service composes it: `TABLE = {**IDENTIFY, Welcome: {...}, IsThisYou: {Confirmed: <its first step>, **NOT_ME}}`.
One that also takes children under six says so (`Session.takes_children`) and adds the edges of their carer:
`IsThisYou: {..., **FOR_CHILD}, IsThisTheChild: {Confirmed: <its first step>, **NOT_THE_CHILD}`.
"""

from kiosk.flows import events as e
from kiosk.flows.engine import Edges, Table
from kiosk.flows.identify.access import (
    AskConsent,
    AskForQr,
    ChooseAccess,
    EnterDigits,
    LayCard,
    PutCardBack,
    ScanQr,
)
from kiosk.flows.identify.another_card import AnotherCard
from kiosk.flows.identify.carer import AskCarersCard, AskChildsCard, IsThisTheChild
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
FOR_CHILD: Edges = {e.VisitForChildChosen: (ChooseAccess, PrintStaffSlip)}
NOT_THE_CHILD: Edges = {e.Declined: ChooseAccess}

IDENTIFY: Table = {
    AskConsent: {e.ConsentGiven: ChooseAccess, e.ConsentDeclined: PrintStaffSlip},
    ChooseAccess: {
        e.UseQrChosen: ScanQr,
        e.UseDigitsChosen: EnterDigits,
        e.BackChosen: AskConsent,
        e.CarersCardWanted: AskCarersCard,
        e.ChildsCardWanted: AskChildsCard,
        e.QrNeeded: AskForQr,
    },
    AskCarersCard: {e.UseQrChosen: ScanQr, e.UseDigitsChosen: EnterDigits, e.Declined: PrintStaffSlip},
    AskChildsCard: {e.UseQrChosen: ScanQr, e.UseDigitsChosen: EnterDigits, e.BackChosen: IsThisYou},
    AskForQr: {e.UseQrChosen: ScanQr},
    ScanQr: {
        e.QrRead: LayCard,
        e.QrNotRead: (EnterDigits, AskForQr),
        e.UseDigitsChosen: EnterDigits,
        e.BackChosen: ChooseAccess,
        e.CameraRestarting: ScanQr,
        e.CameraBack: ScanQr,
    },
    EnterDigits: {e.DigitsEntered: LayCard, e.UseQrChosen: ScanQr, e.BackChosen: ChooseAccess},
    LayCard: {e.CardPlaced: ReadingChip, e.BackChosen: ChooseAccess, e.ReaderLost: PrintStaffSlip},
    ReadingChip: {
        e.ChipProgress: ReadingChip,
        e.ChipRead: (ExplainFaceCheck, ChooseAccess, IsThisTheChild, Refused, PrintStaffSlip),
        e.ChipNotRead: (EnterDigits, AskForQr, PutCardBack, AnotherCard, PrintStaffSlip),
        e.ReaderLost: PrintStaffSlip,
        e.TimeUp: PrintStaffSlip,
    },
    PutCardBack: {e.CardPlaced: ReadingChip, e.ReaderLost: PrintStaffSlip, e.TimeUp: Abandoned},
    AnotherCard: LEAVING,
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
    "FOR_CHILD",
    "IDENTIFY",
    "LEAVING",
    "NOT_ME",
    "NOT_THE_CHILD",
    "Abandoned",
    "AskConsent",
    "AskStaff",
    "Ending",
    "IsThisTheChild",
    "IsThisYou",
    "PrintStaffSlip",
    "Refused",
    "take_card",
]
