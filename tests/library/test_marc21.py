"""MARC 21 as data is whole: every name is there in both languages, and real records find their fields."""

from collections import Counter
from pathlib import Path

import pytest
from django.utils import translation

from library import languages, marc21, marc_files, marc_lines, material, record_templates, validation
from library.marc import DataField, MarcRecord
from library.models import Record
from library.reading import Read

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "marc"
FOLDERS = ("good", "lc", "marc8", "marcxml")


@pytest.mark.parametrize("kind", ["bib", "authority"])
def test_fields_indicators_and_subfields_have_names_in_both_languages(kind: str) -> None:
    for tag, field in marc21.fields(kind).items():
        names = [field.name, *(each.name for each in field.subfields.values())]
        names += [name for each in field.indicators for name in (each.name, *each.values.values()) if name]
        assert all(names), tag
        untranslated = [name for name in names if marc21.in_vietnamese(name) == name]
        assert not [name for name in untranslated if name not in SAME], (tag, untranslated)


def test_positions_and_their_codes_have_names_in_both_languages() -> None:
    fixed = marc21.read("fixed.json")
    places = [("leader", ""), ("leader authority", "")]
    places += [(tag, form) for tag in ("007", "008") for form in fixed[tag]]
    untranslated = set()
    for tag, form in places:
        for each in marc21.positions(tag, form):
            assert each.name
            assert all(each.codes.values())
            names = [each.name, *each.codes.values()]
            untranslated |= {name for name in names if marc21.in_vietnamese(name) == name}
    assert {name for name in untranslated if not name.endswith("%")} == PROPER_NAMES


PROPER_NAMES = {
    "AACR 1", "AACR 2", "Aitoff", "Albers equal area", "Armadillo", "Bonne", "Butterfly", "Cassini-Soldner",
    "Chamberlin trimetric", "DVD", "Diazo", "Dimaxion", "Eckert", "Flamenco", "Gall", "Gauss-Kruger",
    "Goode's homolographic", "Goode's homolosine", "Krovak", "Lambert conformal", "MARC-8", "Mercator", "Miller",
    "Miller's bipolar oblique conformal conic", "Modified stereographic for Alaska", "Mollweide", "Oblique Mercator",
    "Robinson", "Répertoire de vedettes-matière", "S E N 2", "S E N 3", "Tamil", "Devanagari", "UCS/Unicode",
    "Van Der Grinten", "Vesicular", "3D",
}  # fmt: skip
SAME = {
    "ANSI Z39.42", "FTP", "HTTP", "ISSN-H", "ISSN-L", "Répertoire de vedettes-matière",
}  # fmt: skip


def test_the_format_has_what_it_has() -> None:
    bib, authority = marc21.fields("bib"), marc21.fields("authority")
    assert (len(bib), len(authority)) == (251, 144)
    title = bib["245"]
    assert (title.repeatable, title.required, "".join(title.subfields)) == (False, True, "abcfghknps678")
    assert title.indicators[1].allows("4")
    assert not title.indicators[1].allows(" ")
    assert marc21.subfield_label("245", "a", "Title") == "Nhan đề chính"
    assert marc21.label(bib["700"].name) == "Tiêu đề bổ sung – Tên cá nhân"
    assert marc21.label(authority["550"].name) == "Tham chiếu “Xem thêm” – Thuật ngữ chủ đề"
    with translation.override("en"):
        assert marc21.label(bib["700"].name) == "Added Entry – Personal Name"


@pytest.mark.parametrize("form", sorted({*marc21.FORMS.values()}))
def test_each_form_of_008_covers_its_forty_characters_once(form: str) -> None:
    taken = Counter(at for each in marc21.positions("008", form) for at in range(each.start, each.start + each.length))
    assert max(taken.values()) == 1
    assert max(taken) == 39


def test_languages_of_our_pages_are_in_the_list() -> None:
    ours = {code for code in languages.NAMES if code in marc21.codes("languages")}
    assert {code: marc21.code_name("languages", code) for code in ours} == {
        code: str(languages.NAMES[code]) for code in ours
    }
    assert (len(marc21.codes("languages")), len(marc21.codes("countries")), len(marc21.codes("relators"))) == LISTS
    assert marc21.code_name("relators", "trl") == "Người dịch"
    assert marc21.code_name("countries", "xp") == "Quần đảo Trường Sa"


LISTS = (486, 332, 300)


def test_templates_are_good_records_of_their_kind() -> None:
    templates = record_templates.templates()
    assert tuple(each.name for each in templates.values()) == record_templates.NAMES
    kinds = {}
    for key, template in templates.items():
        marc = marc_lines.parse(template.lines())
        problems = [each for each in validation.problems(marc) if each.message != "Trường con rỗng."]
        assert problems == [], key
        kinds[key] = material.of(marc.leader)
    assert kinds == {
        "book": "book", "serial": "serial", "article": "article", "map": "map", "sound": "music", "film": "film",
        "picture": "picture", "manuscript": "manuscript", "electronic": "book", "legal": "book", "object": "object",
        "authority": "authority",
    }  # fmt: skip


def test_what_got_a_second_meaning_after_an_obsolete_one_is_there() -> None:
    """The format lists such a code twice, now and as obsolete."""
    bib = marc21.fields("bib")
    assert {"g", "h", "l", "n", "t"} <= bib["856"].subfields.keys()
    assert bib["856"].subfields.keys() - {"a", "c", "d", "o", "p", "v", "w"} <= bib["857"].subfields.keys() | {"f"}
    assert bib["650"].subfields["b"].name == "Topical term following geographic name entry element"
    assert {"c", "d"} <= bib["886"].subfields.keys()
    assert bib["030"].subfields["a"].name == "CODEN designation"
    codes = {
        (tag, form, each.start): each.codes
        for tag, form in (("008", "visual"), ("007", "g"), ("007", "v"), ("007", "m"), ("007", "s"))
        for each in marc21.positions(tag, form)
    }
    assert (codes["008", "visual", 22]["f"], codes["008", "visual", 22]["g"]) == ("Specialized", "General")
    assert (codes["007", "g", 7]["u"], codes["007", "g", 7]["y"]) == ("Unknown", "7x7 in. or 18x18 cm. transparency")
    assert codes["007", "s", 1]["r"] == "Remote"
    both = "Optical and magnetic sound track on motion picture film"
    assert [codes["007", form, 6]["g"] for form in "gvm"] == [both] * 3


def test_our_own_records_use_only_what_we_know() -> None:
    used: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    root = Path(__file__).resolve().parents[2]
    for path in (root / "home/starter/records.xml", *(Path(__file__).parent / "samples").glob("[!b_]*.[mx]*")):
        with path.open("rb") as stream:
            for item in marc_files.read(stream):
                if isinstance(item, Read):
                    _count(item.marc, used, unknown)
    assert sum(used.values()) > 500
    assert unknown == {}


@pytest.mark.skipif(not SHARED.exists(), reason="no real records beside this folder")
def test_real_records_use_hardly_any_field_or_subfield_that_we_do_not_know() -> None:
    used: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for path in sorted(path for folder in FOLDERS for path in (SHARED / folder).iterdir()):
        with path.open("rb") as stream:
            for item in marc_files.read(stream):
                if isinstance(item, Read):
                    _count(item.marc, used, unknown)
    assert sum(used.values()) > 150_000
    assert sum(unknown.values()) < sum(used.values()) / 30
    often = {place for place, number in unknown.items() if number >= 100}
    assert often == KNOWN_TO_OTHERS


# UNIMARC-like files; 035 $b is a local habit.
KNOWN_TO_OTHERS = {"035 $b", "801", "805"}


def _count(marc: MarcRecord, used: Counter[str], unknown: Counter[str]) -> None:
    kind = Record.Kind.AUTHORITY if marc.leader[6:7] == "z" else Record.Kind.BIB
    for field in marc.fields:
        rule = marc21.field(kind, field.tag)
        if not isinstance(field, DataField) or field.tag == "880" or marc21.is_local(field.tag):
            continue
        for each in field.subfields:
            if each.code == "9":  # for local use everywhere
                continue
            used[f"{field.tag} ${each.code}"] += 1
            if rule is None:
                unknown[field.tag] += 1
            elif each.code not in rule.subfields:
                unknown[f"{field.tag} ${each.code}"] += 1
