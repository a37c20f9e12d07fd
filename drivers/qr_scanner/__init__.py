"""QR codes in frames."""
