"""The kiosk's own processes, screen and settings."""

from __future__ import annotations

from kiosk.errors.base import CallError, ConfigurationError, NeedsStaff, Retryable, ScreenError


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
