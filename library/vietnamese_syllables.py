"""Whether letters make Vietnamese: the statistics behind guessing in which encoding an old file was written.

A Vietnamese syllable is an onset, a rime and one tone, and few combinations exist: bytes read in a wrong encoding make
words that no rule allows.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from search.folding import compose

RIMES = frozenset(
    word
    for line in (
        "ak ăk âk ok ôk uk ưk",  # names of the Central Highlands: Đắk Lắk
        "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây",
        "e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu",
        "i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y ych yt ynh yêm yên yêng yêt yêu",
        "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet",
        "oi om on ong oong ooc op oc ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt",
        "u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt uân uâng uât uây uê uêch uênh uơ",
        "uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu",
    )
    for word in line.split()
)
STOPS = ("c", "ch", "k", "p", "t")  # after them there are two tones only
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
STOPPED_TONES = {"\u0301", "\u0323"}
SYLLABLE = re.compile("(ngh|ng|nh|gh|gi|qu|kh|ch|ph|th|tr|[bcdđghklmnprstvx])?(.*)")
WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")

STRANGE = re.compile(  # signs that stand beside letters only where bytes were misread
    r"\ufffd|[\x80-\x9f]|(?<=[^\W\d_])[¢-¦ª¬¯±-¶¸-º¼-¾×÷]|[¢-¦ª¬¯±-¶¸-º¼-¾×÷](?=[^\W\d_])"
)


class Weight(NamedTuple):
    """How many of a text's words with marks are Vietnamese and how many cannot be."""

    good: int = 0
    bad: int = 0

    @property
    def balance(self) -> int:
        """More is more Vietnamese."""
        return self.good - 2 * self.bad

    def plus(self, other: "Weight") -> "Weight":
        return Weight(self.good + other.good, self.bad + other.bad)


def weigh(text: str) -> Weight:
    """Count the words that have more than ASCII letters; U+FFFD and signs amid letters count as what cannot be."""
    good = bad = 0
    for word in WORD.findall(compose(text)):
        if not word.isascii():
            if is_syllable(word):
                good += 1
            else:
                bad += 1
    return Weight(good, bad + len(STRANGE.findall(text)))


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether the word, in any case, can be a Vietnamese syllable."""
    if word != word.lower() and word != word.upper() and word[1:] != word[1:].lower():
        return False
    toneless: list[str] = []
    tones: list[str] = []
    for letter in unicodedata.normalize("NFD", word.lower()):
        (tones if letter in TONES else toneless).append(letter)
    if len(tones) > 1:
        return False
    match = SYLLABLE.fullmatch(unicodedata.normalize("NFC", "".join(toneless)))
    if not match:
        return False
    onset, rime = match[1] or "", match[2]
    if onset in {"gi", "qu"} and rime not in RIMES:  # the i of "gì" is rime, too
        onset, rime = onset[0], onset[1] + rime
    if onset == "gi" and rime == "":
        rime = "i"
    return rime in RIMES and (not rime.endswith(STOPS) or set(tones) <= STOPPED_TONES)
