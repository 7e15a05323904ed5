"""The figures of a target: how many of a population have attained it, for a unit and for each unit below.

A target's value on a day is: those in the population on the day who have attained by the day, over the population.
A named list wins over a number. Trained people outside the population are a figure of their own, never in the share.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, StrIndex, Substr

from core.folding import fold
from people.dated import holds_on
from people.models import AudienceMembership, Household, Organisation, Unit, UserAlias
from targets.cuts import Cut
from targets.models import Attainment, Population, PopulationMember, Target


@dataclass
class Figure:
    """Counts of subjects of one target in one unit. population is None where nobody has given it."""

    target: Target
    unit: Unit | None
    population: int | None = None
    attained: int = 0
    outside: int = 0

    @property
    def percent(self) -> float | None:
        """The share in percent; None without a population."""
        return 100 * self.attained / self.population if self.population else None

    @property
    def goal(self) -> int:
        """The target's share in percent."""
        return self.target.percent

    @property
    def remaining(self) -> int | None:
        """How many more are to be trained until the goal is met; None without a population."""
        if self.population is None:
            return None
        return max(0, -(-self.population * self.goal // 100) - self.attained)


def of_unit(target: Target, unit: Unit | None, day: date, cut: Cut | None = None) -> Figure:
    """The figure of one unit, or of the country (None); four queries. cut: only of places that are classed so."""
    counts = _Counts.load(target, unit, day, cut)
    return _total(target, unit, counts.branches(counts.populations))


def by_child(target: Target, unit: Unit | None, day: date, cut: Cut | None = None) -> tuple[Figure, list[Figure]]:
    """The unit's own figure and one for each unit directly below, in the order of their names; five queries.

    cut: only of places that are classed so on the day, and only the units below that have such places.
    """
    counts = _Counts.load(target, unit, day, cut)
    own = _total(target, unit, counts.branches(counts.populations))
    prefix = unit.path if unit else ""
    grouped: dict[str, list[_Branch]] = defaultdict(list)
    for branch in counts.branches([row for row in counts.populations if row.path != prefix]):
        if branch.path != prefix:  # people known to the unit itself but to none below it
            grouped[_next_step(branch.path, prefix)].append(branch)
    below = Unit.objects.current().filter(parent=unit).exclude(level=Unit.Level.VILLAGE)  # counted by commune
    below = cut.meeting(below, day) if cut else below
    children = sorted(below, key=lambda child: (fold(child.short_name), child.code))
    return own, [_total(target, child, grouped.get(child.path, [])) for child in children]


@dataclass
class _Branch:
    """The smallest piece that is counted: a path with its population, or a place without one."""

    path: str
    population: int | None
    attained: int
    trained: int


@dataclass
class _Counts:
    """All that is counted in a unit: populations, and attained subjects by commune, in and outside the audience."""

    populations: list[Population]
    of_lists: dict[int, tuple[int, int]]  # by population: names, and those that have attained
    inside: dict[str, int]
    trained: dict[str, int]

    @classmethod
    def load(cls, target: Target, unit: Unit | None, day: date, cut: Cut | None) -> "_Counts":
        populations = _populations(target, unit, day, cut)
        attained = _attained(target, unit, day, cut)
        return cls(
            populations=populations,
            of_lists=_lists(populations, target, day),
            inside=_by_place(attained.filter(_in_audience(target, day))),
            trained=_by_place(attained),
        )

    def branches(self, populations: Iterable[Population]) -> list[_Branch]:
        """One branch for each topmost population and one for each place that has none."""
        left = dict(self.trained)
        branches = []
        for population in _topmost(populations):
            path = population.path
            theirs = [place for place in left if place.startswith(path)]
            number, attained = self.of_lists.get(population.pk, (0, 0))
            if population.kind == Population.Kind.NUMBER:
                number, attained = population.number or 0, sum(self.inside.get(place, 0) for place in theirs)
            trained = sum(left.pop(place) for place in theirs)
            branches.append(_Branch(path=path, population=number, attained=attained, trained=trained))
        return branches + [
            _Branch(path=place, population=None, attained=0, trained=count) for place, count in left.items()
        ]


def _total(target: Target, unit: Unit | None, branches: Iterable[_Branch]) -> Figure:
    """Fold branches into one figure. Where no population is given, trained subjects count as outside."""
    figure = Figure(target, unit)
    for branch in branches:
        if branch.population is not None:
            figure.population = (figure.population or 0) + branch.population
            figure.attained += branch.attained
        figure.outside += max(0, branch.trained - branch.attained)
    return figure


def _populations(target: Target, unit: Unit | None, day: date, cut: Cut | None) -> list[Population]:
    """In a cut those of units that lie in it whole: of a province's number nobody knows how much is of zone III."""
    rows = Population.objects.on(day).filter(target=target).select_related("unit__today")
    rows = rows.filter(unit__in=cut.units(day)) if cut else rows
    return list(rows.filter(unit__today__path__under=unit.path) if unit else rows)


def _topmost(populations: Iterable[Population]) -> list[Population]:
    """Of those that overlap the highest unit's; of one unit's a list before a number, then the latest begun.

    A population given for a unit above does not say how it is shared out below, so it is not used there.
    """
    chosen: dict[str, Population] = {}
    for row in sorted(populations, key=_rank):
        steps = row.path.split("/")[:-1]
        if not any("/".join(steps[:depth]) + "/" in chosen for depth in range(1, len(steps) + 1)):
            chosen[row.path] = row
    return list(chosen.values())


def _rank(row: Population) -> tuple[int, bool, int]:
    return len(row.path), row.kind != Population.Kind.LIST, -row.since.toordinal()


def _attained(target: Target, unit: Unit | None, day: date, cut: Cut | None) -> QuerySet[Attainment]:
    rows = Attainment.objects.filter(target=target, attained_on__lte=day, unit__isnull=False)
    rows = rows.filter(unit__in=cut.units(day)) if cut else rows
    return rows.in_unit(unit) if unit else rows


def _in_audience(target: Target, day: date) -> Q:
    """Still in the population on the day, by the dated registers."""
    if target.subject_kind == Target.SubjectKind.PERSON:
        held = AudienceMembership.objects.filter(holds_on(day), audience__in=target.audiences)
        merged = UserAlias.objects.filter(person__uuid=OuterRef(OuterRef("subject"))).values("uuid")
        return Q(Exists(held.filter(person__uuid=OuterRef("subject")))) | Q(
            Exists(held.filter(person__uuid__in=merged))
        )
    households = Household.objects.on(day).filter(ethnic_minority=True, uuid=OuterRef("subject"))
    organisations = Organisation.objects.on(day).filter(ethnic_minority=True, uuid=OuterRef("subject"))
    return Q(Exists(households)) | Q(Exists(organisations))


def _by_place(rows: QuerySet[Attainment]) -> dict[str, int]:
    """Counts by commune (or by province, for those known no nearer): {"12/345/": 7}."""
    path = F("unit__today__path")
    after_province = Substr(path, StrIndex(path, Value("/")) + 1)
    place = Concat(
        Substr(path, 1, StrIndex(path, Value("/"))), Substr(after_province, 1, StrIndex(after_province, Value("/")))
    )
    return dict(
        rows.annotate(place=place).values("place").annotate(n=Count("pk")).values_list("place", "n").order_by("place")
    )


def _lists(populations: Iterable[Population], target: Target, day: date) -> dict[int, tuple[int, int]]:
    """Of each list, how many people it names, and how many have attained by the day, wherever they learned."""
    lists = [population.pk for population in populations if population.kind == Population.Kind.LIST]
    if not lists:
        return {}
    kept = UserAlias.objects.filter(uuid=OuterRef("subject")).values("person__uuid")
    members = PopulationMember.objects.filter(population__in=lists)
    members = members.annotate(standing=Coalesce(Subquery(kept), F("subject")))
    done = Attainment.objects.filter(target=target, attained_on__lte=day, subject=OuterRef("standing"))
    rows = members.values("population").order_by("population")
    counted = rows.annotate(
        names=Count("standing", distinct=True), attained=Count("standing", distinct=True, filter=Exists(done))
    )
    return {row["population"]: (row["names"], row["attained"]) for row in counted}


def _next_step(path: str, prefix: str) -> str:
    """The path of the unit directly below the one with this prefix: ("1/2/3/", "1/") is "1/2/"."""
    return prefix + path[len(prefix) :].split("/", 1)[0] + "/"
