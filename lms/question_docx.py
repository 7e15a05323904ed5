"""Reads the paragraphs of a Word file of questions: hostile until parsed. What they mean is lms.marked_questions'.

Each paragraph becomes a Paragraph: its words with Word's automatic number before them, and what is marked in them.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import IO, Any

import docx
from django.utils.translation import gettext as _
from docx.oxml.ns import qn

from core import office_files
from core.office_files import Unreadable
from library.vietnamese_encodings import TCVN3, VNI, of_font
from lms import marked_questions
from lms.marked_questions import Read
from lms.paragraphs import Marks, Paragraph, Piece
from lms.question_layout import NUMBER, WORD
from lms.word_numbers import Numbers

MOST_UNPACKED = 100 * 1024 * 1024  # bytes: every part is held in memory
MOST_PARAGRAPHS = 30_000
DEEPEST = 6  # tables within tables
NO_COLOUR = {None, "auto", "000000"}
RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
PICTURES = {qn("w:drawing"), qn("w:pict"), qn("w:object")}
EQUATIONS = {qn("m:oMath"), qn("m:oMathPara")}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
NOT_READ = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), FALLBACK}


def read(file: IO[bytes]) -> list[Read]:
    """Every question of the file. Raises Unreadable."""
    broken = _("Tệp Word bị hỏng. Hãy mở ra và lưu lại dạng .docx rồi thử lại.")
    not_this = _("Đây không phải tệp Word .docx. Hãy lưu lại dạng .docx.")
    if file.seek(0, 2) > office_files.LARGEST_FILE:
        raise Unreadable(_("Tệp lớn hơn 20 MB. Hãy chia thành nhiều tệp."))
    office_files.check(file, main="word/document.xml", not_this=not_this, broken=broken, most=MOST_UNPACKED)
    file.seek(0)
    try:
        blocks = list(_Document(docx.Document(file)).blocks())
    except Unreadable:
        raise
    except Exception as error:  # whatever python-docx stumbles over in a broken file
        raise Unreadable(broken) from error
    found = marked_questions.questions(blocks)
    if not found:
        raise Unreadable(
            _("Không thấy câu hỏi nào. Mỗi câu bắt đầu bằng “Câu 1.” hoặc “1.”, các phương án bằng “A.”, “B.”…")
        )
    return found


class _Document:
    def __init__(self, document: Any) -> None:
        self.document = document
        self.numbers = Numbers(document)
        self.read = 0
        self.styles = {style.style_id: style.element for style in document.styles}
        self.default = next((name for name, each in self.styles.items() if _is_default(each)), "")
        self.looks: dict[str | None, list[Any]] = {}
        self.usual = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")

    def blocks(self) -> Iterator[Paragraph | list[list[list[Paragraph]]]]:
        """Paragraphs, and tables as rows of cells of paragraphs."""
        yield from self._blocks(self.document.element.body, DEEPEST)

    def _blocks(self, parent: Any, deep: int) -> Iterator[Any]:
        held: list[Any] = []  # paragraphs whose ends are deleted: they go on in the next
        for child in parent:
            if child.tag == qn("w:p"):
                held.append(child)
                if not _is_end_deleted(child):
                    yield self._paragraph(held)
                    held = []
                continue
            if held:
                yield self._paragraph(held)
                held = []
            if child.tag == qn("w:tbl") and deep:
                yield [[self._cell(cell, deep) for cell in row.iter(qn("w:tc"))] for row in child.findall(qn("w:tr"))]
            elif child.tag == qn("w:sdt"):
                for content in child.findall(qn("w:sdtContent")):
                    yield from self._blocks(content, deep)
        if held:
            yield self._paragraph(held)

    def _cell(self, cell: Any, deep: int) -> list[Paragraph]:
        found = []
        for block in self._blocks(cell, deep - 1):
            found += [block] if isinstance(block, Paragraph) else [each for row in block for c in row for each in c]
        return found

    def _paragraph(self, elements: list[Any]) -> Paragraph:
        """Of one element, or of several whose ends are deleted but the last's."""
        self.read += len(elements)
        if self.read > MOST_PARAGRAPHS:
            raise Unreadable(_("Tệp Word dài quá. Hãy chia thành nhiều tệp."))
        tags = {
            each.tag
            for element in elements
            for each in element.iter(*PICTURES, *EQUATIONS)
            if not any(above.tag in NOT_READ for above in _above(each, element))
        }
        pieces = [piece for element in elements for piece in self._pieces(element, self._style_of(element.pPr))]
        label = self._label(elements[-1])
        found = Paragraph([Piece(label, Marks())] * bool(label) + pieces, bool(tags & PICTURES), bool(tags & EQUATIONS))
        if WORD.match(found.text) or NUMBER.match(found.text):
            self.numbers.begin_letters_anew()
        return found

    def _pieces(self, element: Any, style: list[Any]) -> Iterator[Piece]:
        for run in element.iter(qn("w:r")):
            if any(above.tag in NOT_READ for above in _above(run, element)):
                continue
            text = "".join(_words(run))
            if text:
                properties = run.find(qn("w:rPr"))
                chain = [properties, *self._character_style(properties), *style, self.usual]
                if not _is_on(chain, "w:vanish"):
                    yield Piece(_raised(_in_unicode(text, _font(chain)), chain), _marks(chain))

    def _style_of(self, properties: Any) -> list[Any]:
        """The run properties of a paragraph's style and of those it is based on, nearest first."""
        named = properties.find(qn("w:pStyle")) if properties is not None else None
        name = named.get(qn("w:val")) if named is not None else self.default
        if name not in self.looks:
            self.looks[name] = [each.find(qn("w:rPr")) for each in self._chain(name)]
        return self.looks[name]

    def _character_style(self, properties: Any) -> list[Any]:
        named = properties.find(qn("w:rStyle")) if properties is not None else None
        return [each.find(qn("w:rPr")) for each in self._chain(named.get(qn("w:val")))] if named is not None else []

    def _chain(self, name: str | None) -> Iterator[Any]:
        seen: set[str] = set()
        while name and name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            based = self.styles[name].find(qn("w:basedOn"))
            name = based.get(qn("w:val")) if based is not None else None

    def _label(self, element: Any) -> str:
        """The automatic number as it is printed, and a space; empty for none and for bullets."""
        numbering = self._numbering(element)
        if numbering is None:
            return ""
        return self.numbers.next(*numbering)

    def _numbering(self, element: Any) -> tuple[str, int] | None:
        properties = element.pPr
        own = properties.find(qn("w:numPr")) if properties is not None else None
        named = properties.find(qn("w:pStyle")) if properties is not None else None
        by_style = [
            found
            for each in self._chain(named.get(qn("w:val")) if named is not None else None)
            if (found := each.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None
        ]
        for found in [own, *by_style]:
            number = found.find(qn("w:numId")) if found is not None else None
            if number is not None:
                depth = found.find(qn("w:ilvl"))
                said = number.get(qn("w:val"), "0")
                return (said, int(depth.get(qn("w:val"), "0")) if depth is not None else 0) if said != "0" else None
        return None


def _is_end_deleted(paragraph: Any) -> bool:
    """Whether a tracked change joins it to the next."""
    return paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None


def _is_default(style: Any) -> bool:
    return bool(style.get(qn("w:default")) == "1" and style.get(qn("w:type")) == "paragraph")


def _above(run: Any, top: Any) -> Iterator[Any]:
    parent = run.getparent()
    while parent is not None and parent is not top:
        yield parent
        parent = parent.getparent()


def _words(run: Any) -> Iterator[str]:
    for each in run:
        if each.tag == qn("w:t"):
            yield each.text or ""
        elif each.tag == qn("w:tab"):
            yield "\t"
        elif each.tag in {qn("w:br"), qn("w:cr")}:
            yield "\n"
        elif each.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif each.tag == qn("w:sym"):
            yield " "


def _first(chain: list[Any], name: str) -> Any:
    """The nearest that says something."""
    found = (each.find(qn(name)) for each in chain if each is not None)
    return next((each for each in found if each is not None), None)


def _is_on(chain: list[Any], name: str) -> bool:
    found = _first(chain, name)
    return found is not None and found.get(qn("w:val"), "true") not in {"0", "false", "off", "none"}


def _marks(chain: list[Any]) -> Marks:
    colour, light, shade = (_first(chain, name) for name in ("w:color", "w:highlight", "w:shd"))
    is_light = light is not None and light.get(qn("w:val")) not in {None, "none", "white"}
    is_shaded = shade is not None and shade.get(qn("w:fill")) not in {None, "auto", "FFFFFF"}
    return Marks(
        bold=_is_on(chain, "w:b"),
        underlined=_is_on(chain, "w:u"),
        coloured=colour is not None and colour.get(qn("w:val")) not in NO_COLOUR,
        highlighted=is_light or is_shaded,
    )


def _raised(text: str, chain: list[Any]) -> str:
    """10² and H₂O, which would mean another thing with a plain 2; words that have no such signs stay as they are."""
    found = _first(chain, "w:vertAlign")
    signs = {"superscript": RAISED, "subscript": LOWERED}.get(found.get(qn("w:val")) if found is not None else "", {})
    return text.translate(signs) if all(ord(sign) in signs for sign in text.strip()) else text


def _font(chain: list[Any]) -> str:
    for each in chain:
        fonts = each.find(qn("w:rFonts")) if each is not None else None
        name = fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) if fonts is not None else None
        if name:
            return str(name)
    return ""


def _in_unicode(text: str, font: str) -> str:
    """Words typed for a font of an older encoding (.VnTime, VNI-Times) mean others than they say."""
    if re.match(r"(?i)\.vn", font):
        text = of_font(text, TCVN3)
        text = text.upper() if font.upper().endswith("H") else text
    elif re.match(r"(?i)vni[- ]", font):
        text = of_font(text, VNI)
    return unicodedata.normalize("NFC", text)
