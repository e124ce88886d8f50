"""What things are called by which texts and expressions read them: variables, nodes, parts of
answers, tools."""

NAME = r"[A-Za-z_][A-Za-z0-9_]{0,63}"
# Of a text that is a name and nothing else.
WHOLE_NAME = rf"^{NAME}$"
