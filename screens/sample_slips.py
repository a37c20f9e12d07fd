"""Sample views of what a visitor meets with a printer in trouble, as the flow's own steps make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kiosk import messages as m
from kiosk.flows.clinic_registration import Pending, PrintAgain, PrintTicket, Registered
from kiosk.flows.clinic_visit import ClinicSession
from kiosk.flows.identify.endings import AskStaff
from kiosk.flows.out_of_order import OutOfOrder
from kiosk.flows.views import View
from kiosk.session import Language, Place

SESSION = ClinicSession(
    id=UUID(int=1),
    language=Language.VI,
    started_at=datetime.fromisoformat("2026-11-25T08:00:00+07:00"),
    place=Place(
        site_name={"vi": "Bệnh viện Đa khoa Mẫu", "en": "Sample General Hospital"},
        staff_desk={"vi": "quầy tiếp đón", "en": "the reception desk"},
    ),
    card_present=True,
    department=m.Department(
        code="ORTHO",
        name={"vi": "Chấn thương chỉnh hình", "en": "Orthopaedics and Traumatology"},
        room={"vi": "Phòng 118, tầng 1, nhà B", "en": "Room 118, 1st floor, building B"},
    ),
    answer=m.VisitAnswer(visit_id=UUID(int=2), state="registered", queue_number="A027", people_ahead=7),
)
STORED_HERE = m.VisitAnswer(visit_id=UUID(int=2), state="pending", queue_number="K003", reason="site_unreachable")

NO_PAPER = replace(SESSION, slip_fault="printer_paper_out")
CUT_OFF = replace(SESSION, slip="unsure", slip_fault="printer_connection_lost", sheets=1, printer_ready=True)
SILENT = replace(SESSION, answer=STORED_HERE, slip="unsure", slip_fault="printer_silent", sheets=1)


def registered_in(department: str, room: str) -> View:
    """A registered visit in a department and a room with names of any length."""
    names = {"name": {"vi": department, "en": department}, "room": {"vi": room, "en": room}}
    in_hand = replace(SESSION, slip="printed", department=m.Department.model_validate({"code": "X", **names}))
    return Registered.view(in_hand)


SAMPLES: dict[str, View] = {
    "printing": PrintTicket.view(SESSION),
    "printing_again": PrintAgain.view(SESSION),
    "registered_no_paper": Registered.view(NO_PAPER),
    "registered_print_again": Registered.view(CUT_OFF),
    "pending_silent": Pending.view(SILENT),
    "staff_slip": AskStaff.view(replace(SESSION, slip="printed", reason="clock_not_trusted")),
    "staff_no_slip": AskStaff.view(replace(NO_PAPER, reason="document_expired")),
    "out_of_paper": OutOfOrder.view(replace(SESSION, reason="printer_paper_out")),
    "out_of_order_silent": OutOfOrder.view(replace(SESSION, reason="printer_silent")),
    "out_of_order_reader": OutOfOrder.view(replace(SESSION, reason="reader_unavailable")),
}
