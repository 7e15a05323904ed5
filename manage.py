#!/usr/bin/env python
"""Django's command line for Nhà Sàn."""

import os
import sys

if __name__ == "__main__":
    os.umask(0o077)  # what the site writes is for its own account only
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
