"""A request the hospital refuses, and the OperationOutcome that says so."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A status, an issue code (R4 IssueType) and words for a technician."""

    def __init__(self, status: int, code: str, diagnostics: str) -> None:
        super().__init__(diagnostics)
        self.status, self.code, self.diagnostics = status, code, diagnostics


def operation_outcome(refused: Refused) -> dict[str, Any]:
    """The refusal as a resource."""
    issue = {"severity": "error", "code": refused.code, "diagnostics": refused.diagnostics}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
