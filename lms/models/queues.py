"""What must be derived again; see core.outbox."""

from core.models import QueueRow


class ProgressQueue(QueueRow):
    """The registrations whose statements changed."""


class OutlineQueue(QueueRow):
    """The courses whose pages changed, by course key."""


class QuizQueue(QueueRow):
    """Attempts at quizzes with a time limit, by key: due when their time is over."""
