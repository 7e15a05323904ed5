"""The news of lms, sent inside the transaction that has it. Receivers only enqueue."""

from django.dispatch import Signal

progress_refreshed = Signal()  # enrolments=[Enrolment, …] whose derived columns changed, live
enrolment_completed = Signal()  # enrolment=Enrolment, once, when this site or a counting credential said it is finished
replay_finished = Signal()  # after replay_progress rebuilt all progress
