"""A stand-in hospital that speaks FHIR R4."""
