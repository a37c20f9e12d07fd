"""Which tests stay together when they are run side by side: those of a file, which share what is dear to set up."""

from __future__ import annotations

import pytest

from provisioning.rig.failures import Failure


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    """The table of failures is one file and takes longest: each of its parts may go to another worker."""
    callspec = getattr(item, "callspec", None)
    row = callspec.params.get("row") if callspec else None
    return f"{item.path}-{row.part}" if isinstance(row, Failure) else str(item.path)
