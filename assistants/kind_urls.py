"""The addresses of a kind's pages. Its app includes them in a namespace called like the kind's
``url_name``; drafts have theirs in ``drafts.urls``."""

from __future__ import annotations

from django.urls import URLPattern, path

from assistants.pages import channels, deployment, identity, keys, listing, overview


def pages_of(url_name: str) -> list[URLPattern]:
    """The pages of the kind whose addresses start with ``url_name``."""
    kind, start = {"kind": url_name}, f"w/<slug:workspace>/{url_name}/"
    one = f"{start}<uuid:entity_id>/"
    return [
        path(start, listing.listing, kind, name="list"),
        path(one, overview.detail, kind, name="detail"),
        path(f"{one}delete/", overview.delete, kind, name="delete"),
        path(f"{one}deployed/", deployment.deployed, kind, name="deployed"),
        path(f"{one}deployment/", deployment.deployment, kind, name="deployment"),
        path(f"{one}deployment/channels/", channels.shown, kind, name="channels"),
        path(f"{one}deployment/<slug:channel>/retry/", channels.retry, kind, name="retry"),
        path(f"{one}deployment/<slug:channel>/check/", channels.check, kind, name="check"),
        path(f"{one}deployment/<slug:channel>/disable/", channels.disable, kind, name="disable"),
        path(f"{one}deployment/<slug:channel>/enable/", channels.enable, kind, name="enable"),
        path(f"{one}deployment/<slug:channel>/remove/", channels.remove, kind, name="remove"),
        path(f"{one}deployment/identity/", identity.make_secret, kind, name="identity"),
        path(f"{one}keys/", keys.make_key, kind, name="make_key"),
    ]
