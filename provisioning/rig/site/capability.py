"""What the hospital says it can do."""

from __future__ import annotations

from typing import Any

from provisioning.rig.site.checks import REQUIRED

READABLE = (*sorted(REQUIRED), "HealthcareService", "Location")


def capability_statement(base_url: str, token_url: str) -> dict[str, Any]:
    """The CapabilityStatement, with where to sign in."""
    uris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-01",
        "kind": "instance",
        "implementation": {"description": "Stand-in hospital of the kiosk's rig", "url": base_url},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "extension": [{"url": uris, "extension": [{"url": "token", "valueUri": token_url}]}],
                    "service": [{"text": "SMART Backend Services"}],
                },
                "resource": [
                    {
                        "type": resource_type,
                        "interaction": [{"code": "read"}, {"code": "search-type"}],
                        "conditionalCreate": True,
                    }
                    for resource_type in READABLE
                ],
                "interaction": [{"code": "transaction"}],
            }
        ],
    }


def smart_configuration(token_url: str) -> dict[str, Any]:
    """/.well-known/smart-configuration."""
    return {
        "token_endpoint": token_url,
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES384"],
        "scopes_supported": ["system/*.cruds"],
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    }
