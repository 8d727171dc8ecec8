"""The debate on the public site: members comment under house rules, and every measure comes with its reasons."""
