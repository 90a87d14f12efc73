"""What the library says in English, said in Chinese: errors, faults, findings, remedies, and the help of commands.

Rules of this room: a sentence is written once, in English, where it is known what has happened; what it says in Chinese
stands in `text/sentences`, a file for each floor, under the English sentence with `{}` for each value. A value that is
a code gets its word from the catalogue of words: `{0:state}` is the word of `state.CODE`. What stands nowhere is given
as it was written: a plugin's own sentences, what somebody typed. Nothing is decided here; codes and JSON keep English.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Any

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.catalogue.checkup_rules import CHECKUP_RULES
from egov_core.domain.catalogue.rules import RULES
from egov_core.errors import EgovError
from egov_core.server.sentence_files import written
from egov_core.server.words import LANGUAGES, Words, words_of

HOLE = "{}"
LONGEST = 4_000
"""Characters of a sentence of ours at most; what is longer was sent by somebody, and is given as it is."""
MOST_SENTENCES = 30
DEEPEST = 5
"""Sentences within sentences. Ours have no more; what somebody sent may have as many as it has colons."""
MOST_JOINED = 3
"""Parts between semicolons that may be one sentence of the catalogue."""
JOINT = "; "
JOINTS = ((JOINT, "；"), (": ", "：", 1), (", ", "，"))
"""What parts of a sentence are joined by where nobody has written the whole: all of a list, and a place before it."""
MORE = ", and {} more"
"""How a sentence ends that tells the first of several: what it tells may have an "and" in it."""
PREDICATE = re.compile(
    r"(?:is|has|was|contains|draws|unpacks|declares|cannot|lies|belongs|exists|ends|names|answered)\b"
)
"""How a sentence begins whose subject stands before it, where it is said by itself: a file, a plugin, a pause."""
_UNITS = {"wd": "workday", "d": "day", "m": "month", "y": "year", "wh": "working-hour", "h": "hour"}
_PERIOD = re.compile(rf"(\d+(?:\.\d+)?)({'|'.join(_UNITS)})")
"""A period by its code, as `10wd`: for who types it, the code; for who reads it, words."""
_UNSPACED = re.compile(r"(?<=[\u4e00-\u9fff])(?=\d+(?:\.\d+)? [\u4e00-\u9fff])")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff，；：]) (?=“)|(?<=”) (?=[\u4e00-\u9fff，；：])")
"""A space beside a quotation mark, which has room of its own; a number has one."""
_ROLES = re.compile(rf"(?<=[ “'(])(?:{'|'.join(role.value for role in Role)})(?=[ ,;:.)”']|$)")
_PLACE = re.compile(r"(?:\$\S*|\[[a-z][^\]]*\] [\w.-]+) ")
"""A place in what a program sent or in a file of settings, before what is wrong there."""
_FIELD = re.compile(r"([\u4e00-\u9fff（）、]+): ")
_RECORD = re.compile(r"((?:grant of|appointment of|stand-in for|person|post|delegation) \S+): ")
"""A record of authority, before what is wrong with it."""
_LETTER = re.compile(r"[A-Za-z]")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OR = re.compile(r"(?<=[\u4e00-\u9fff”]) or (?=[\u4e00-\u9fff“])|(?<=[^\s,]) or (?=[^\s,]+$)")
_CODES = re.compile(r"[\w./*-]+(?:(?:, | and )[\w./*-]+)+")
_BETWEEN = re.compile(r", | and ")
"""What stands between codes of a list, which is not the joint of two sentences."""
_FULL = {";": "；", ":": "：", ",": "，"}
_HALF = re.compile(r"(?<=[\u4e00-\u9fff”）])([;:,]) ")
"""Punctuation of half width behind Chinese, where names of ours were joined in English."""
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


@attrs.frozen
class _Pattern:
    """A sentence with values in it."""

    english: str
    chinese: str
    said: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How much of it is said and not filled in: of two that fit, the one that says more is meant."""
        return sum(map(len, self.said))

    def values(self, sentence: str) -> list[str] | None:
        """What stands in the holes, each as short as can be; None where the sentence is another.

        Only where it ends in how many more there are, the one before that is as long as can be.

        Searched from left to right and never back, so that a value of a hostile length costs its length once; a
        regular expression of five holes would take its fifth power.
        """
        first, *between, last = self.said
        end = len(sentence) - len(last)
        if not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        found, at, counted = [], len(first), self.english.endswith(MORE)
        for number, text in enumerate(between, 1):
            last_one = counted and number == len(between)
            next_at = (sentence.rfind if last_one else sentence.find)(text, at, end)
            if next_at < 0:
                return None
            found.append(sentence[at:next_at])
            at = next_at + len(text)
        return [*found, sentence[at:end]] if at <= end else None


@attrs.frozen
class Sentences:
    """The Chinese sentences by the English ones."""

    whole: Mapping[str, str]
    patterns: tuple[_Pattern, ...]
    words: Words

    def __call__(self, sentence: str, depth: int = 0) -> str:
        """The sentence in Chinese; as it is where it stands nowhere, and where it is so long or so deep."""
        if depth > DEEPEST or not _LETTER.search(sentence):
            return _wide(sentence)
        if len(sentence) > LONGEST or sentence.count(JOINT) > MOST_SENTENCES:
            return sentence
        if sentence.startswith("$"):  # a place in what a program sent, before what is wrong there
            place, _, rest = sentence.partition(" ")
            return f"{place} {self(rest, depth)}".rstrip()
        field = _FIELD.match(sentence)
        if field is not None:  # a field by its Chinese name, before what is wrong there
            return f"{field[1]}：{self(sentence[field.end() :], depth + 1)}"
        record = _RECORD.match(sentence)
        if record is not None:
            return f"{self(record[1], depth + 1)}：{self(sentence[record.end() :], depth + 1)}"
        said = (
            self._known(sentence, depth, joined=True) or self._joined(sentence, depth) or self._known(sentence, depth)
        )
        return self._in_parts(sentence, depth) if said is None else said

    def _known(self, sentence: str, depth: int, *, joined: bool = False) -> str | None:
        """A sentence that stands in the catalogue, its values filled in.

        Where several may have been `joined`, no value of the first takes in the others.
        """
        found = self.whole.get(sentence)
        if found is not None:
            return found
        place = _PLACE.match(sentence)
        if place is not None:
            told = self._known(sentence[place.end() :], depth, joined=joined)
            return None if told is None else f"{place[0]}{told}"
        for one in self.patterns:
            if not joined or one.english.count(JOINT) == sentence.count(JOINT):
                values = one.values(sentence)
                if values is not None:
                    said = "".join(self._filled(one.chinese, values, depth + 1))
                    return _SPACED.sub("", _UNSPACED.sub(" ", said))
        return None

    def _joined(self, sentence: str, depth: int) -> str | None:
        """Several sentences that were joined, where each of them is known; each as long as can be."""
        parts = sentence.split(JOINT)
        said: list[str] = []
        at = 0
        while at < len(parts):
            for end in range(min(len(parts), at + MOST_JOINED), at, -1):
                known = None if end - at == len(parts) else self._known(JOINT.join(parts[at:end]), depth, joined=True)
                if known is not None:
                    said.append(known)
                    at = end
                    break
            else:
                return None
        return "；".join(said)

    def _filled(self, chinese: str, values: Sequence[str], depth: int) -> Iterator[str]:
        taken = 0
        for text, name, group, _ in Formatter().parse(chinese):
            yield text
            if name is not None:
                value = values[int(name) if name else taken]
                taken += 1
                yield self._worded(group, value) if group else self._value(value, depth)

    def _worded(self, group: str, codes: str) -> str:
        """The word for a code, or for each of a list; a command may be given by the name of its class."""
        found = [(one, _HUMP.sub("-", one).lower()) for one in codes.strip("'").split(", ")]
        return "、".join(self.words.either(f"{group}.{code}", one) for one, code in found)

    def _value(self, value: str, depth: int) -> str:
        """A value: in Chinese quotes where it was quoted, a sentence in its turn where it is one."""
        quoted = _QUOTED.fullmatch(value)
        if quoted is not None:
            return f"“{quoted[1] or quoted[2] or ''}”"
        period = _PERIOD.fullmatch(value)
        if period is not None:
            return self.words(f"unit.{_UNITS[period[2]]}.many", amount=period[1])
        if _CODES.fullmatch(value):
            return _BETWEEN.sub(lambda found: " 和 " if "and" in found[0] else "、", value)
        return _wide(_OR.sub(" 或 ", self(value, depth)))

    def _in_parts(self, sentence: str, depth: int) -> str:
        for english, chinese, *most in JOINTS:
            parts = sentence.split(str(english), *map(int, most))
            said = [self(part, depth + 1) for part in parts] if len(parts) > 1 else parts
            if said != parts:
                return str(chinese).join(said)
        return sentence


def _wide(said: str) -> str:
    """Chinese with the punctuation of Chinese, where sentences that were Chinese were joined."""
    return _HALF.sub(lambda found: _FULL[found[1]], said.replace("。; ", "；"))


@functools.lru_cache(maxsize=1)
def sentences() -> Sentences:
    """The catalogue, read once."""
    pairs = dict(_pairs())
    pairs = {**dict(map(_with_subject, filter(_is_predicate, pairs.items()))), **pairs}
    patterns = [
        _Pattern(english, chinese, tuple(english.split(HOLE))) for english, chinese in pairs.items() if HOLE in english
    ]
    return Sentences(
        whole={english: chinese for english, chinese in pairs.items() if HOLE not in english},
        patterns=tuple(sorted(patterns, key=lambda one: -one.weight)),
        words=words_of(LANGUAGES[0]),
    )


def _is_predicate(pair: tuple[str, str]) -> bool:
    return PREDICATE.match(pair[0]) is not None


def _with_subject(pair: tuple[str, str]) -> tuple[str, str]:
    """The same sentence behind what it is about; values that are numbered are numbered anew."""
    english, chinese = pair
    numbered = re.sub(r"\{(\d+)", lambda found: f"{{{int(found[1]) + 1}", chinese)
    first = "{0}" if numbered != chinese else HOLE
    return f"{HOLE} {english}", f"{first} {numbered}"


def said_in(lang: str, sentence: str) -> str:
    """A sentence of the library in a language of the pages."""
    return sentences()(sentence) if lang == LANGUAGES[0] else in_english(sentence)


def in_english(sentence: str) -> str:
    """A sentence as it was written, with roles by their English names: the register calls them by the Chinese ones."""
    if sentence.isascii():
        return sentence
    return _ROLES.sub(lambda found: words_of("en")(f"role.{Role(found[0]).name.lower()}"), sentence)


def error_in(lang: str, error: EgovError) -> dict[str, Any]:
    """The sentence and the remedy of an error, and its faults where it has any, in one language."""
    told: dict[str, Any] = {"detail": said_in(lang, error.message), "remedy": said_in(lang, error.remedy)}
    faults = getattr(error, "faults", ())
    if faults:
        told["faults"] = [{**attrs.asdict(one), "message": said_in(lang, one.message)} for one in faults]
    return told


def _pairs() -> Iterator[tuple[str, str]]:
    for rule in (*RULES.values(), *CHECKUP_RULES.values()):  # they say both themselves; of two alike the files decide
        yield _of_rule(rule.message_en, rule.message)
        yield _of_rule(rule.remedy_en, rule.remedy)
    yield from written()


def _of_rule(english: str, chinese: str) -> tuple[str, str]:
    """Both sentences of a rule with its values by number, without the full stop: another sentence may follow."""
    names = [name for _, name, _, _ in Formatter().parse(english) if name]
    for number, name in enumerate(names):
        english = english.replace(f"{{{name}}}", HOLE, 1)
        chinese = chinese.replace(f"{{{name.removesuffix('_en')}}}", f"{{{number}}}")
    return english, chinese.rstrip("。")
