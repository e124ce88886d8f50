"""Forms whose fields are paths of a draft's document; a kind writes its steps on them."""
