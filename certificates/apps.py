from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "Giấy chứng nhận"

    def ready(self) -> None:
        from certificates import issue
        from certificates.models import CertificateQueue
        from core import outbox
        from lms.signals import enrolment_completed

        outbox.register(outbox.Queue("certificates", CertificateQueue, issue.issue_queued, batch=20))
        enrolment_completed.connect(issue.enqueue, dispatch_uid="certificates.issue")
