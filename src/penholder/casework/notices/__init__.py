"""Notices: what they say (`content`), how it is arranged (`sections`), and the document made of it (`pdf`)."""
