"""From documents to an index: begun by a release, done by workers, resumed after any crash.

What is left to do is in rows (``IndexedDocument``): a document is done in an index when its chunks
there were made from its fingerprint. A worker takes one document at a time for as long as it gives
signs of life; vectors are kept batch by batch, and a document's chunks are replaced in one
transaction, so that a worker killed anywhere is followed by another that goes on, without a lost
or a doubled chunk.
"""
