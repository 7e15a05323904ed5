from django.apps import AppConfig


class OAIConfig(AppConfig):
    name = "oai"
    verbose_name = "Trao đổi OAI-PMH"
