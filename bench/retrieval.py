"""What a question costs in the database as a knowledge base grows: 1,000, 10,000, 100,000 chunks.

``python -m bench.retrieval`` makes an index of texts whose words are as unevenly spread as those of
a language (Zipf) and of vectors that lie in clusters, in a database of its own that is removed
afterwards. It measures the statement alone, as ``VectorStore.candidates`` sends it.
"""

import sys

from bench import own_place

if __name__ == "__main__":
    sys.exit(own_place.run("bench.retrieval_run"))
