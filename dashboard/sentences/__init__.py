"""Sentences composed from what the queries found, in Markdown, a module per page. No number is made here."""
