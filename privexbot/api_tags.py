"""The chapters of the API's documentation."""

from __future__ import annotations

from typing import Any

# By the beginning of the path; the first that fits.
CHAPTERS = (
    ("/api/v1/{kind}/draft", "Drafts"),
    ("/api/v1/{kind}", "Deployed"),
    ("/api/v1/credentials", "Credentials"),
    ("/api/v1/webhooks", "Events"),
    ("/api/v1/hooks", "Events"),
    ("/api/v1/me", "Your key"),
    ("/api/v1/", "Records"),
    ("/v1/", "OpenAI-compatible"),
    ("/hooks/", "Webhooks"),
)


def by_chapter(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Put each operation of the schema into its chapter: a postprocessing hook of the generator."""
    for path, operations in result["paths"].items():
        chapter = next((name for start, name in CHAPTERS if path.startswith(start)), "Others")
        for operation in operations.values():
            if isinstance(operation, dict):
                operation["tags"] = [chapter]
    result["tags"] = [{"name": name} for name in dict.fromkeys(name for _, name in CHAPTERS)]
    return result
