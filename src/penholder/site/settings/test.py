"""Settings for tests: the doors of the authority's site, the apps of all sites, and fast password hashes."""

from penholder.concerns.codes import Cost
from penholder.concerns.policy.ladder import read_ladder, usual_ladder
from penholder.site.capabilities import SITES, apps
from penholder.site.settings.authority import *
from penholder.site.settings.authority import INSTALLED_APPS

INSTALLED_APPS = [*dict.fromkeys([*INSTALLED_APPS, *apps(*SITES)])]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files as they lie in the packages: no copy, no hash in the name.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # look files up when they are asked for, not all of them at each start
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
PENHOLDER_LADDER = read_ladder(usual_ladder("Committee on arms exports"))
PENHOLDER_CODE_COST = Cost(memory=64, passes=1)
