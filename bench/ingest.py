"""What bringing documents into a knowledge base costs beside the bare loop that embeds them.

``python -m bench.ingest FOLDER`` makes documents of the sentences of a set in the form of BEIR,
none like another, in a database of its own that is removed afterwards. A worker's own code cuts,
embeds and writes them; in turns with it, on the same texts, the embedder is called alone. Then a
base is grown with vectors that cost nothing, to show what all the rest costs as it grows, and
deleted.
"""

import sys

from bench import own_place

if __name__ == "__main__":
    sys.exit(own_place.run("bench.ingest_run"))
