"""What an Excel workbook says: how its numbers are shown, and its sheets as rows of text."""
