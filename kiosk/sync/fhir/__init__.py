"""FHIR R4 (4.0.1) as plain dicts: what a check-in sends to a hospital, and what its answers mean."""
