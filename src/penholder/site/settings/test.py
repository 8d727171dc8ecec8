"""Settings for tests: the same apps and doors as the authority's site, with fast password hashes."""

from penholder.site.settings.authority import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
