"""Signing in: the pages of django-allauth, behind the one door."""
