"""Hardware at the edges: in each folder the real driver and, beside it, its simulator."""
