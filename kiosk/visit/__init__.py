"""The imperative shell around a flow: one loop that decides nothing, and workers that carry out its orders."""
