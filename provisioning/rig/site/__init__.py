"""A stand-in hospital that speaks FHIR R4: a model of one, with its queue, its registrar and its bad days."""
