"""Releases of the public site: everything as files, signed, with the reason for every changed cell. No Django."""
