"""Knowledge bases that are deployed: found, shown, changed, refreshed, removed."""
