"""The WSGI application that the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from core import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.umask(0o077)  # what the site writes is for its own account only
application = get_wsgi_application()
gc.freeze()  # what is loaded now stays: no need to look through it again and again
gc.set_threshold(20_000, 20, 20)  # one batch of statements makes thousands of objects and no garbage in circles
lifeline.hold()
