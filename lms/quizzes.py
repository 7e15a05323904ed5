"""What a quiz asks: fixed questions and random draws from the bank, derived from the lesson's quiz block."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Locale

from lms.models import Lesson, LessonPage, Question, Quiz
from lms.questions import KINDS


@dataclass(frozen=True)
class Draw:
    """So many questions that have all these tags, of one kind or any that the server grades."""

    tags: tuple[str, ...]
    count: int
    kind: str = ""

    def pool(self, locale: Locale) -> QuerySet[Question]:
        """The published questions that it may take."""
        by_server = [kind.name for kind in KINDS.values() if not kind.by_person and not kind.survey]
        found = Question.objects.filter(locale=locale, live=True, live_revision__isnull=False)
        found = found.filter(kind__in=[self.kind] if self.kind else by_server)
        for tag in self.tags:
            found = found.filter(tagged__tag__slug=tag)
        return found.order_by("pk").distinct()


@dataclass(frozen=True)
class Plan:
    """Keys of the questions that are always asked, and the draws."""

    questions: tuple[str, ...]
    draws: tuple[Draw, ...]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Plan":
        """From Quiz.plan."""
        draws = (Draw(tuple(each["tags"]), each["count"], each["kind"]) for each in said.get("draws", ()))
        return cls(tuple(said.get("questions", ())), tuple(draws))

    def as_data(self) -> dict[str, Any]:
        """As Quiz.plan keeps it."""
        draws = [{"tags": list(draw.tags), "count": draw.count, "kind": draw.kind} for draw in self.draws]
        return {"questions": list(self.questions), "draws": draws}


@dataclass(frozen=True)
class Shortage:
    """A draw, by its place, that finds fewer published questions than it wants."""

    draw: int
    wanted: int
    found: int


def plan_of(block: Mapping[str, Any]) -> Plan:
    """What the value of a quiz block asks."""
    keys = dict.fromkeys(question.key for question in block["questions"] if question)
    draws = (Draw(tuple(each["tags"]), each["count"], each["kind"] or "") for each in block["draws"])
    return Plan(tuple(keys), tuple(draws))


def block_of(page: LessonPage) -> Mapping[str, Any] | None:
    """The value of the lesson's quiz block, if it has one."""
    return next((block.value for block in page.body if block.block_type == "quiz"), None)


def sync(lesson: Lesson, page: LessonPage) -> Quiz | None:
    """Make the lesson's quiz what its source page says; no quiz where the page has none."""
    block = block_of(page)
    if block is None:
        Quiz.objects.filter(lesson=lesson).delete()
        return None
    plan, mark = plan_of(block), block["pass_mark"]
    quiz, _made = Quiz.objects.update_or_create(
        lesson=lesson,
        defaults={
            "plan": plan.as_data(),
            "locale": page.locale,
            "asks": count(plan, page.locale),
            "shuffle": block["shuffle"],
            "attempts": block["attempts"],
            "minutes": block["minutes"],
            "pass_mark": lesson.course.pass_mark if mark is None else mark,
            "answers_shown": block["answers_shown"],
        },
    )
    quiz.fixed.set([question for question in block["questions"] if question])
    return quiz


def count(plan: Plan, locale: Locale | None = None) -> int:
    """How many questions that count the quiz asks: the published fixed ones, and what is drawn."""
    fixed = fixed_questions(plan, locale or Locale.get_default())
    return sum(question.counts for question in fixed) + sum(draw.count for draw in plan.draws)


def fixed_questions(plan: Plan, locale: Locale) -> list[Question]:
    """The published ones among the questions that are always asked, in their order."""
    if not plan.questions:
        return []
    found = {each.key: each for each in Question.objects.filter(key__in=plan.questions, locale=locale)}
    return [found[key] for key in plan.questions if key in found and found[key].is_asked]


def draw(plan: Plan, locale: Locale, random: Random, *, seen: Collection[str] = ()) -> list[Question]:
    """The fixed questions, then what is drawn, in the order of the draws; no question twice, those not seen first."""
    fixed = fixed_questions(plan, locale)
    drawn = _draw_keys(plan, locale, random, seen)
    by_key = {
        each.key: each for each in Question.objects.filter(key__in=[k for ks in drawn for k in ks], locale=locale)
    }
    return [*fixed, *(by_key[key] for keys in drawn for key in keys)]


def shortages(plan: Plan, locale: Locale | None = None) -> Iterator[Shortage]:
    """The draws that find too few questions."""
    drawn = _draw_keys(plan, locale or Locale.get_default(), Random(0), ())
    for place, (wanted, keys) in enumerate(zip(plan.draws, drawn, strict=True)):
        if len(keys) < wanted.count:
            yield Shortage(place, wanted.count, len(keys))


def _draw_keys(plan: Plan, locale: Locale, random: Random, seen: Collection[str]) -> Sequence[list[str]]:
    """Keys for each draw. The draw with the smallest pool goes first, so that a wide one leaves it its questions."""
    pools = [list(each.pool(locale).values_list("key", flat=True)) for each in plan.draws]
    taken = set(plan.questions)
    chosen: list[list[str]] = [[] for _draw in plan.draws]
    for place in sorted(range(len(pools)), key=lambda each: len(pools[each])):
        left = [key for key in pools[place] if key not in taken]
        random.shuffle(left)
        left.sort(key=lambda key: key in seen)  # stable: shuffled among themselves
        chosen[place] = left[: plan.draws[place].count]
        taken.update(chosen[place])
    return chosen
