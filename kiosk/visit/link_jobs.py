"""The orders that go to the link process: insurance, departments, the registration, slips."""

from __future__ import annotations

from kiosk import logs
from kiosk import messages as m
from kiosk.errors import KioskError
from kiosk.flows import effects
from kiosk.flows import events as e
from kiosk.ports import Link
from kiosk.visit.restarts import ask_link
from kiosk.visit.workers import Job, Order


def link_jobs(link: Link) -> dict[type[effects.Effect], Job]:
    """Each order of the link by its effect."""

    def look_up(order: Order) -> None:
        effect = order.effect
        assert isinstance(effect, effects.LookUpInsurance)
        message = m.LookUpInsurance(session_id=order.session.id, person=effect.person)
        try:
            answer = ask_link(link, order, lambda: link.look_up_insurance(message))
        except KioskError as error:  # care is never refused for an insurance that cannot be asked for
            logs.event("insurance_not_asked", code=error.code)
            answer = m.InsuranceAnswer(state="not_verified_yet")
        order.post(e.InsuranceKnown(answer=answer))

    def departments(order: Order) -> None:
        try:
            known = ask_link(link, order, lambda: link.departments(m.Nothing()))
        except KioskError as error:
            order.post(e.DepartmentsNotKnown(reason=error.code))
        else:
            order.post(e.DepartmentsKnown(departments=known))

    def register(order: Order) -> None:
        effect = order.effect
        assert isinstance(effect, effects.RegisterVisit)
        # it may well be committed: the link knows the visit by its id, and asking again makes no second one
        order.post(e.VisitStored(answer=ask_link(link, order, lambda: link.register_visit(effect.message))))

    def print_slip(order: Order) -> None:
        effect = order.effect
        assert isinstance(effect, effects.PrintSlip)
        message = m.PrintSlip(
            session_id=order.session.id,
            slip_id=effect.slip_id,
            sheets_before=effect.sheets_before,
            template=effect.template,
            language=order.session.language,
            values=effect.values,
            qr=effect.qr,
        )
        # never asked twice: it may be on paper already
        order.post(e.SlipDone(printed=link.print_slip(message)))

    return {
        effects.LookUpInsurance: look_up,
        effects.ListDepartments: departments,
        effects.RegisterVisit: register,
        effects.PrintSlip: print_slip,
    }
