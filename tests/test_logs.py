import json

import pytest

from kiosk import logs


def test_a_field_that_is_not_whitelisted_is_refused() -> None:
    with pytest.raises(ValueError, match="citizen_number"):
        logs.event("step", citizen_number="098185004127")


def test_an_event_is_one_json_line(capsys) -> None:
    logs.event("step", step="Welcome")
    assert json.loads(capsys.readouterr().err) | {"time": 0} == {"time": 0, "event": "step", "step": "Welcome"}
