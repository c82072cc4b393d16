"""What a browser calls itself, told in people's words: which browser, on which system.

A hint for people who look at their own devices, and nothing that is relied on. The window has the words.
"""

import re
from typing import Literal

Browser = Literal["firefox", "chrome", "edge", "safari", "opera", "samsung", "other"]
System = Literal["windows", "macos", "linux", "chromeos", "android", "ios", "other"]

# The first that fits: many browsers also name those that they want to be taken for.
_BROWSERS: tuple[tuple[Browser, re.Pattern[str]], ...] = (
    ("edge", re.compile(r"\b(?:Edg|EdgA|EdgiOS|Edge)/")),
    ("opera", re.compile(r"\b(?:OPR|OPT|Opera)/")),
    ("samsung", re.compile(r"\bSamsungBrowser/")),
    ("firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("chrome", re.compile(r"\b(?:Chrome|Chromium|CriOS|HeadlessChrome)/")),
    ("safari", re.compile(r"\bVersion/[\d.]+ .*\bSafari/")),
)
_SYSTEMS: tuple[tuple[System, re.Pattern[str]], ...] = (
    ("ios", re.compile(r"\b(?:iPhone|iPad|iPod)\b")),
    ("android", re.compile(r"\bAndroid\b")),
    ("chromeos", re.compile(r"\bCrOS\b")),
    ("windows", re.compile(r"\bWindows\b")),
    ("macos", re.compile(r"\bMacintosh\b|\bMac OS X\b")),
    ("linux", re.compile(r"\bLinux\b|\bX11\b")),
)


def browser_of(name: str) -> Browser:
    """The browser behind a User-Agent."""
    for browser, sign in _BROWSERS:
        if sign.search(name):
            return browser
    return "other"


def system_of(name: str) -> System:
    """The system that it runs on."""
    for system, sign in _SYSTEMS:
        if sign.search(name):
            return system
    return "other"
