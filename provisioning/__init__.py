"""Set-up, trust and the rig: what a technician or developer runs."""
