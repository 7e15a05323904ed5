from django.apps import AppConfig


class LMSConfig(AppConfig):
    name = "lms"
    verbose_name = "Khóa học"
