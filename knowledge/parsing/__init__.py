"""Files in, pages of Markdown out. What reads a file runs in a process that may die.

``sandbox`` is the way in for workers. In its child, ``reading`` finds the format of the file, and
the format reads it: one class in one file of ``formats``, listed there. None of it knows Django.
"""
