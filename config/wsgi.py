"""The WSGI application that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from core import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.umask(0o077)  # what the site writes is for its own account only
application = get_wsgi_application()
lifeline.hold()
