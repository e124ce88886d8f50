"""Files in, pages of Markdown out. What reads a file runs in a process that may die.

``files`` is the way in for workers. In the child of a ``sandbox``, ``reading`` finds the format of
the file, and the format reads it: one class in one file of ``formats``, listed there. The pages of
a crawl are read by ``web.reading`` in a sandbox that lasts. None of it knows Django.
"""
