"""The public site: what is published, for everybody. Its own home, process, database and ledger."""

from penholder.site.capabilities import apps
from penholder.site.settings.accounts import *
from penholder.site.settings.accounts import ACCOUNT_APPS, ACCOUNT_MIDDLEWARE, SESSION_LIMITS
from penholder.site.settings.base import *
from penholder.site.settings.base import INSTALLED_APPS, MIDDLEWARE

ROOT_URLCONF = "penholder.site.urls_public"
PENHOLDER_PAGES = "penholder.publication.web.titles.page_of"
INSTALLED_APPS = [*INSTALLED_APPS, *apps("public"), *ACCOUNT_APPS]
_after = MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1
MIDDLEWARE = [*MIDDLEWARE[:_after], SESSION_LIMITS, *MIDDLEWARE[_after:], ACCOUNT_MIDDLEWARE]
MIDDLEWARE += ["penholder.site.surroundings.Surroundings"]
