"""The kinds of questions."""

from lms.questions.arranging import Matching, Ordering
from lms.questions.by_person import Upload, Written
from lms.questions.choice import Multiple, Single, TrueFalse
from lms.questions.kind import Grade, QuestionKind
from lms.questions.short import FillIn, Number, Scale

__all__ = ["KINDS", "Grade", "QuestionKind"]

KINDS: dict[str, QuestionKind] = {
    kind.name: kind
    for kind in (
        Single(),
        Multiple(),
        TrueFalse(),
        Matching(),
        Ordering(),
        FillIn(),
        Number(),
        Scale(),
        Written(),
        Upload(),
    )
}
