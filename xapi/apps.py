from django.apps import AppConfig


class XAPIConfig(AppConfig):
    name = "xapi"
    verbose_name = "Kho bản ghi học tập"
