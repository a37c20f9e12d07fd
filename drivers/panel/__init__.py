"""The kiosk's lamps, buzzer, presence sensor and call-staff button."""
