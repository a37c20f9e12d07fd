"""Chip inspection after ICAO Doc 9303 and BSI TR-03110; no I/O but the transceiver it is given."""
