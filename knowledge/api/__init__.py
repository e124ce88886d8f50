"""Knowledge bases over the API: what drafts of other kinds have not."""
