"""The vision process: one camera, one thread that looks, one job at a time; verdicts leave it, pictures do not."""
