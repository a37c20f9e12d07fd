"""PC/SC readers, and the virtual chip that stands in for a card."""
