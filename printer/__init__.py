"""Slips: declarative documents drawn as 1-bit pages, encoded as ESC/POS, sent to a device."""
