"""What a crawl and the process that reads its pages say to each other.

A module of its own, so that whoever starts the process need not load what the process does.
"""

import struct

HEADER = struct.Struct("!II")
