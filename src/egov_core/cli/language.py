"""Which language the reader of the command line has, and a sentence in it.

Rules of this room: Chinese or English, by the locale; it prints nothing. Everything that is printed asks here.
"""

from __future__ import annotations

import os
import re

FIRST_CHINESE = "\u2e80"
"""Characters from here on are Chinese, or its punctuation."""
_LANGUAGE_ENDS = re.compile(r"[_.@-]")


def speaks_chinese() -> bool:
    """Whether the reader asks for Chinese, in the order of gettext: LANGUAGE, LC_ALL, LC_MESSAGES, LANG.

    LANGUAGE is a list, of which the first language that we speak is meant. A locale that is set to C asks for no
    language, and LANGUAGE does not count then: so a program that reads our output gets the same one everywhere.
    """
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    if _language(locale) not in ("c", "posix"):
        for one in map(_language, os.environ.get("LANGUAGE", "").split(":")):
            if one in ("zh", "en", "c", "posix"):
                return one == "zh"
    return _language(locale) == "zh"


def _language(locale: str) -> str:
    """The language of a locale such as zh_CN.UTF-8 or zh-Hans."""
    return _LANGUAGE_ENDS.split(locale.strip().lower(), maxsplit=1)[0]


def say(chinese: str, english: str) -> str:
    """One of two sentences, by the locale."""
    return chinese if speaks_chinese() else english


def said(sentence: str) -> str:
    """A sentence of the library, such as an error's, in the reader's language."""
    if sentence.isascii() and not speaks_chinese():
        return sentence
    from egov_core.server.sentences import said_in  # for those who read it: a deadline in English does not wait

    return said_in("zh" if speaks_chinese() else "en", sentence)


def said_in_help(sentence: str) -> str:
    """A sentence of a help in the reader's language; only for one that is no help's are all sentences read.

    One that begins in Chinese has been said already, as the line of a command has in a list of commands.
    """
    if not speaks_chinese():
        return said(sentence)
    if sentence[:1] >= FIRST_CHINESE:
        return sentence
    from egov_core.server.sentence_files import of_help  # as in `said`

    return of_help().get(sentence) or said(sentence)
