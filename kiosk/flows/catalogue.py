"""The services a kiosk can offer, by the name used in its settings."""

from __future__ import annotations

from kiosk.flows import clinic_check_in
from kiosk.flows.engine import Flow

FLOWS: dict[str, Flow] = {flow.name: flow for flow in (clinic_check_in.FLOW,)}
