"""Face landmarks."""
