"""What can go wrong in learning."""


class InvalidAnswer(Exception):
    """Raised when an answer names an option that the question does not have."""


class EmptyAnswer(InvalidAnswer):
    """Raised when nothing was chosen, or more than one where one is asked for."""


class InvalidCourse(Exception):
    """Raised when the plain data of a course cannot be published; says where and why."""
