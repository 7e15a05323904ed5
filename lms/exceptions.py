"""What can go wrong in learning."""


class InvalidAnswer(Exception):
    """Raised when a form was tampered with: it names what the question does not have."""


class EmptyAnswer(InvalidAnswer):
    """Raised when an answer is incomplete; the text tells the learner what to do."""


class NoAttemptLeft(Exception):
    """Raised when a learner has used all attempts at a quiz."""


class EmptyQuiz(Exception):
    """Raised when a quiz has no published question to ask."""


class AttemptOver(Exception):
    """Raised when an attempt was handed in, or its time is over: what comes now is too late."""


class InvalidGrading(Exception):
    """Raised when a grade is not given by the rubric; the text tells the trainer what to do."""


class InvalidCourse(Exception):
    """Raised when the plain data of a course cannot be published; says where and why."""


class InvalidCaptions(Exception):
    """Raised when a file of captions cannot be read; says in which line and what to do."""


class UnreadablePdf(Exception):
    """Raised when a PDF cannot be shown page by page; says why and what to do."""


class UnknownCode(Exception):
    """Raised when no class has the code."""


class CohortClosed(Exception):
    """Raised when a class takes nobody by code or link any more; str() is its name."""


class CohortFull(Exception):
    """Raised when a class has fewer places left than people want to enter."""

    def __init__(self, name: str, left: int) -> None:
        super().__init__(name)
        self.left = left


class UnknownPresenceCode(Exception):
    """Raised when a code of presence is none of ours, or was shown too long ago."""


class NotInCohort(Exception):
    """Raised when a person is not in the class whose session they want to be at."""


class TooLong(Exception):
    """Raised when a text has more than `most` characters."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooMany(Exception):
    """Raised when someone asks more in a stretch of time than people do."""
