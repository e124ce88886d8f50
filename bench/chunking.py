"""How much of what questions ask for the chunks bring into a model's prompt.

``python -m bench.chunking FOLDER`` with Chroma's evaluation of chunking (questions.csv with exact
spans, and its corpora): recall of those spans by the chunks that fit 500, 1,000 and 2,000 tokens,
ranked as a draft ranks them. The chunks of all corpora are searched together.
"""

import sys

from bench import own_place

if __name__ == "__main__":
    sys.exit(own_place.run("bench.chunking_run"))
