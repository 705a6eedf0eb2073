"""The words of the demonstration: samples in three scripts, all of them plain."""

from __future__ import annotations

from typing import Final

FRENCH: Final = (
    "Avis d'exemple",
    "Ceci est un échantillon",
    "Dessiné par un programme",
    "Aucun événement réel",
)
ARABIC: Final = (
    "إعلان تجريبي",
    "هذه عينة للعرض فقط",
    "مرسومة بواسطة برنامج",
    "لا علاقة لها بالواقع",
)
RUSSIAN: Final = (
    "Пример объявления",
    "Это образец для показа",
    "Нарисовано программой",
    "Событий за ним нет",
)
UKRAINIAN: Final = (
    "Зразок оголошення",
    "Це приклад для показу",
    "Намальовано програмою",
    "Подій за ним немає",
)
GREEK: Final = (
    "Δείγμα ανακοίνωσης",
    "Αυτό είναι ένα δείγμα",
    "Σχεδιασμένο από πρόγραμμα",
    "Χωρίς πραγματικό γεγονός",
)
ENGLISH: Final = (
    "Sample notice",
    "This is a sample",
    "Drawn by a program",
    "No real event stands behind it",
)

_LONG: Final = (
    "This letter is a sample.",
    "It was written by a program so that a long text can be tried page by page.",
    "Nobody sent it, and nothing in it happened.",
    "The harbour opens at six, and the ferry leaves when the fog has lifted.",
    "The orchard behind the mill gives small red apples and a few pears.",
    "On market days the square fills early, and the baker sells out by nine.",
    "The library keeps the old maps in flat drawers, sorted by river.",
    "Whoever reads on will find the same calm sentences in another order.",
)
_ARABIC_NOTE: Final = (
    "هذا النص عينة للعرض.",
    "كتبه برنامج ولا علاقة له بأي حدث حقيقي.",
    "يفتح الميناء في الصباح وتغادر العبّارة عندما ينقشع الضباب.",
    "في يوم السوق تمتلئ الساحة باكرا.",
)
_RUSSIAN_NOTE: Final = (
    "Этот текст написан программой как образец.",
    "Никаких событий за ним нет.",
    "Порт открывается в шесть, и паром уходит, когда рассеется туман.",
    "Площадь заполняется рано в базарный день.",
)


def long_letter() -> bytes:
    """Return a letter of several pages, with headings and paragraphs."""
    parts = ["# A long sample letter\n"]
    for number in range(1, 61):
        turned = _LONG[number % len(_LONG) :] + _LONG[: number % len(_LONG)]
        parts.append(f"Part {number}\n\n{' '.join(turned)}\n")
    return "\n".join(parts).encode("utf-8")


def arabic_note() -> bytes:
    """Return a short Arabic text."""
    return ("\n".join(_ARABIC_NOTE * 4) + "\n").encode("utf-8")


def russian_note() -> bytes:
    """Return a short Russian text."""
    return ("\n".join(_RUSSIAN_NOTE * 4) + "\n").encode("utf-8")
