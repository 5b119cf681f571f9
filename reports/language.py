"""Which language a reader gets: `--lang`, else DAIHOI_LANG, else the locale, else Vietnamese.

`--help` and mistakes on the command line are worded before any option is parsed, so the command line is looked through beforehand.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from typing import Final

from reports.catalogue import LANGUAGES, LOCALE, Language

CLICK_DOMAIN: Final = "click"
"""The catalogue of click's own words; in English they are its message ids."""

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def decide(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The reader's language, from a command line that nobody has parsed yet."""
    wanted = (given(arguments, "--lang"), environment.get("DAIHOI_LANG"), _of_the_locale(environment))
    return next((language for word in wanted for language in LANGUAGES if word == language), "vi")


def given(arguments: Sequence[str], option: str) -> str | None:
    """The last value an option was given (`--lang en` or `--lang=en`), before any `--`."""
    found = None
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == option and place + 1 < len(arguments):
            found = arguments[place + 1]
        elif argument.startswith(f"{option}="):
            found = argument.partition("=")[2]
    return found


def _of_the_locale(environment: Mapping[str, str]) -> str | None:
    """The language of the locale, as two letters. The first variable that is set decides, as everywhere."""
    for variable in _LOCALE_VARIABLES:
        if environment.get(variable):
            return environment[variable][:2].lower()
    return _of_windows() if sys.platform == "win32" else None


def _of_windows() -> str | None:
    """The display language of Windows, which sets no variable."""
    if sys.platform == "win32":
        import ctypes
        from locale import windows_locale

        return windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")[:2]
    return None


def speak(language: Language) -> None:
    """Speak a language from here on. click follows: it asks gettext's default domain, which goes by LANGUAGE."""
    _speak_utf8()
    gettext.bindtextdomain(CLICK_DOMAIN, LOCALE)
    gettext.textdomain(CLICK_DOMAIN)
    os.environ["LANGUAGE"] = language


def _speak_utf8() -> None:
    """Vietnamese on every console: old Windows ones and pipes under `LANG=C` would stop at the first đ."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def spoken() -> Language:
    """The language that is spoken."""
    return "en" if os.environ.get("LANGUAGE") == "en" else "vi"
