"""The file formats that can be read. To add one: a file in this folder and its name here."""
