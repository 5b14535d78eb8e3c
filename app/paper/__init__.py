"""Plain data to PDF: knows how paper is made, and nothing of what is written on it."""
