"""The demonstration batch as a list: each file, how it is drawn, and its row.

Severities, tags and flags are pretended, and every text says so. Together they
show each thing a reviewer meets: all severities and unrated, three scripts and
more languages, exact and near copies, a clip, an animation, texts, a missing
source, a broken file and one of an unknown kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image

from reviewer.demo import draw_files as files
from reviewer.demo import draw_scenes as scenes
from reviewer.demo import draw_texts as texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One file of the demonstration."""

    file: str
    draw: Callable[[], bytes]
    row: dict[str, str]
    """Cells of the table by column, `file` left out."""


def _pretended(severity: int) -> str:
    return f"Sample drawn by code, pretended severity {severity}"


def _dawn() -> bytes:
    return files.jpeg(scenes.hills("hills-dawn", (4000, 3000)))


def _dawn_small() -> bytes:
    whole = scenes.hills("hills-dawn", (4000, 3000))
    return files.jpeg(whole.resize((1600, 1200)), quality=60)


def _square() -> bytes:
    return files.jpeg(_square_picture())


def _square_picture(width: int = 1920) -> Image.Image:
    picture = scenes.crowd("crowd-square", (1920, 1080), words=_pretended(3))
    return picture.resize((width, width * 9 // 16), Image.Resampling.LANCZOS)


def _severe(name: str) -> Callable[[], bytes]:
    size = (2000, 1500)
    return lambda: files.jpeg(scenes.hills(name, size, words=_pretended(5)))


SAMPLES: Final = (
    Sample(
        file="harbour-map.jpg",
        draw=lambda: files.jpeg(scenes.town_map("harbour-map", (1600, 1200))),
        row={
            "source": "Sample channel A",
            "captured_at": "2026-11-12T08:30:00Z",
            "language": "en",
            "severity": "1",
            "flagged_by": "user",
            "flag_reason": "Sample: a map with marks",
            "content_tags": "map",
            "origin": "notice",
            "priority": "P4",
        },
    ),
    Sample(
        file="hills-dawn.jpg",
        draw=_dawn,
        row={
            "source": "Sample channel A",
            "captured_at": "2026-11-12",
            "severity": "0",
            "flagged_by": "automated",
            "caption": "Sample: hills at dawn",
            "content_tags": "landscape",
            "priority": "P6",
        },
    ),
    Sample(
        file="hills-dawn-again.jpg",
        draw=_dawn,
        row={
            "source": "Sample channel B",
            "captured_at": "2026-11-13T06:00:00Z",
            "language": "fr",
            "severity": "0",
            "flagged_by": "partner_list",
            "caption": "Exemple : la même image, une autre source",
            "content_tags": "landscape, copy",
            "priority": "P5",
        },
    ),
    Sample(
        file="hills-dawn-news.jpg",
        draw=_dawn_small,
        row={
            "source": "Sample news site",
            "captured_at": "2026-11-14T19:05:00+01:00",
            "language": "en",
            "severity": "0",
            "flagged_by": "user",
            "caption": "Sample: the picture as a news site showed it, re-encoded",
            "content_tags": "landscape, news",
            "priority": "P6",
        },
    ),
    Sample(
        file="notice-french.png",
        draw=lambda: files.png(
            scenes.poster("notice-french", (1000, 1400), texts.FRENCH)
        ),
        row={
            "source": "Forum d'exemple",
            "captured_at": "2026-11-10T21:00:00Z",
            "language": "fr",
            "severity": "2",
            "flagged_by": "trusted_flagger",
            "flag_reason": "Exemple : un symbole dessiné",
            "caption": "Avis d'exemple",
            "content_tags": "poster, symbol",
            "priority": "P3",
        },
    ),
    Sample(
        file="notice-arabic.png",
        draw=lambda: files.png(
            scenes.poster("notice-arabic", (1200, 1200), texts.ARABIC)
        ),
        row={
            "source": "قناة تجريبية",
            "captured_at": "2026-11-11T03:45:00Z",
            "language": "ar",
            "severity": "3",
            "flagged_by": "authority",
            "flag_reason": "Sample of a referral, pretended",
            "caption": "إعلان تجريبي للعرض فقط",
            "content_tags": "poster, flag",
            "origin": "referral",
            "deadline": "2031-01-31T12:00:00Z",
            "priority": "P2",
        },
    ),
    Sample(
        file="notice-russian.webp",
        draw=lambda: files.webp(
            scenes.poster("notice-russian", (1400, 1000), texts.RUSSIAN)
        ),
        row={
            "source": "Канал-образец",
            "captured_at": "2026-11-09",
            "language": "ru",
            "severity": "2",
            "flagged_by": "user",
            "flag_reason": "Образец: жалоба пользователя",
            "caption": "Пример объявления",
            "content_tags": "poster",
            "priority": "P4",
        },
    ),
    Sample(
        file="notice-ukrainian.jpg",
        draw=lambda: files.jpeg(
            scenes.poster(
                "notice-ukrainian", (900, 1200), texts.UKRAINIAN, words=_pretended(3)
            )
        ),
        row={
            "source": "Канал-зразок",
            "captured_at": "2026-11-09T10:10:10Z",
            "language": "uk",
            "severity": "3",
            "flagged_by": "staff",
            "caption": "Зразок оголошення",
            "content_tags": "poster, flag",
            "origin": "own_initiative",
            "priority": "P3",
        },
    ),
    Sample(
        file="stripes-flag.bmp",
        draw=lambda: files.bmp(scenes.flag("stripes-flag", (320, 240))),
        row={
            "source": "Sample channel C",
            "severity": "1",
            "flagged_by": "automated",
            "flag_reason": "= sample of a cell that looks like a formula",
            "content_tags": "flag, symbol",
            "origin": "specific_measure",
            "priority": "P4",
        },
    ),
    Sample(
        file="crowd-square.jpg",
        draw=_square,
        row={
            "source": "Sample channel C",
            "captured_at": "2026-11-15T16:20:00Z",
            "language": "ar, en",
            "severity": "3",
            "flagged_by": "trusted_flagger",
            "caption": "Sample: dots in a square",
            "content_tags": "crowd, pretended_injury",
            "priority": "P3",
        },
    ),
    Sample(
        file="crowd-square-copy.jpg",
        draw=_square,
        row={
            "source": "Sample channel C",
            "captured_at": "2026-11-15T16:25:00Z",
            "language": "ar, en",
            "severity": "3",
            "flagged_by": "user",
            "caption": "Sample: dots in a square",
            "content_tags": "crowd, pretended_injury, copy",
            "priority": "P3",
        },
    ),
    Sample(
        file="crowd-square-quoted.jpg",
        draw=_square,
        row={
            "source": "Sample forum",
            "captured_at": "2026-11-15T20:00:00Z",
            "language": "en",
            "severity": "3",
            "flagged_by": "user",
            "caption": "Sample: the same dots, quoted elsewhere",
            "content_tags": "crowd, pretended_injury, copy",
            "priority": "P4",
        },
    ),
    Sample(
        file="crowd-square-small.webp",
        draw=lambda: files.webp(_square_picture(960)),
        row={
            "source": "Sample channel H",
            "captured_at": "2026-11-16T07:00:00Z",
            "severity": "3",
            "flagged_by": "automated",
            "caption": "Sample: the same dots, smaller",
            "content_tags": "crowd, pretended_injury, copy",
            "priority": "P4",
        },
    ),
    Sample(
        file="crowd-square-news.jpg",
        draw=lambda: files.jpeg(_square_picture(1280), quality=60),
        row={
            "source": "Sample news site",
            "captured_at": "2026-11-16T09:00:00Z",
            "language": "en",
            "severity": "3",
            "flagged_by": "user",
            "caption": "Sample: the dots as a news site showed them",
            "content_tags": "crowd, news",
            "priority": "P5",
        },
    ),
    Sample(
        file="chart-counts.png",
        draw=lambda: files.png(scenes.chart("chart-counts", (1200, 800))),
        row={
            "source": "Sample report",
            "captured_at": "2026-10",
            "language": "de",
            "severity": "0",
            "flagged_by": "user",
            "caption": "Muster: ein Diagramm ohne Bedeutung",
            "content_tags": "chart, research",
            "priority": "P6",
        },
    ),
    Sample(
        file="portrait-turned.jpg",
        draw=lambda: files.jpeg(
            scenes.rings(
                "portrait-turned", (1600, 2400), words=_pretended(4)
            ).transpose(Image.Transpose.ROTATE_90),
            orientation=6,
        ),
        row={
            "source": "Sample channel D",
            "captured_at": "2026-11-16T02:00:00Z",
            "language": "en",
            "severity": "4",
            "flagged_by": "authority",
            "flag_reason": "Sample: pretended to be graphic, it is not",
            "content_tags": "pretended_graphic",
            "origin": "referral",
            "deadline": "2031-02-01T08:00:00+01:00",
            "priority": "P2",
        },
    ),
    Sample(
        file="emblem-clear-corners.png",
        draw=lambda: files.png(
            files.cleared(scenes.flag("emblem-clear-corners", (800, 800)))
        ),
        row={
            "source": "Sample channel D",
            "severity": "2",
            "flagged_by": "partner_list",
            "content_tags": "emblem, symbol",
            "priority": "P4",
        },
    ),
    Sample(
        file="poster-print.jpg",
        draw=lambda: files.jpeg(
            scenes.poster(
                "poster-print", (1500, 2100), texts.ENGLISH, words=_pretended(3)
            ).convert("CMYK")
        ),
        row={
            "source": "Sample print shop",
            "captured_at": "2026",
            "language": "en",
            "severity": "3",
            "flagged_by": "staff",
            "caption": "Sample notice, as it was sent to print",
            "content_tags": "poster, print",
            "origin": "own_initiative",
            "priority": "P5",
        },
    ),
    Sample(
        file="leaflet-greek.webp",
        draw=lambda: files.webp(
            scenes.poster("leaflet-greek", (1000, 1400), texts.GREEK)
        ),
        row={
            "source": "Δείγμα καναλιού",
            "language": "el",
            "flagged_by": "user",
            "caption": "Δείγμα ανακοίνωσης",
            "content_tags": "poster",
        },
    ),
    Sample(
        file="lights.gif",
        draw=lambda: files.gif((480, 270), "Sample drawn by code"),
        row={
            "source": "Sample channel E",
            "severity": "1",
            "flagged_by": "automated",
            "content_tags": "animation",
            "priority": "P5",
        },
    ),
    Sample(
        file="channel-clip.mp4",
        draw=lambda: files.clip("channel-clip", (1280, 720), _pretended(3)),
        row={
            "source": "Sample channel E",
            "captured_at": "2026-11-17T11:11:00Z",
            "language": "en",
            "severity": "3",
            "flagged_by": "trusted_flagger",
            "flag_reason": "Sample: a clip of drawn clouds",
            "transcript": "This is a sample. The clip has no sound.\n"
            "These words stand where a transcript would.",
            "caption": "Sample: eight drawn scenes",
            "content_tags": "clip, pretended_injury",
            "priority": "P2",
        },
    ),
    Sample(
        file="long-letter.txt",
        draw=texts.long_letter,
        row={
            "source": "Sample letter box",
            "captured_at": "2026-11-01",
            "language": "en",
            "severity": "1",
            "flagged_by": "user",
            "flag_reason": "Sample: a long text",
            "content_tags": "letter",
            "priority": "P5",
        },
    ),
    Sample(
        file="note-arabic.txt",
        draw=texts.arabic_note,
        row={
            "source": "منتدى تجريبي",
            "language": "ar",
            "severity": "0",
            "flagged_by": "partner_list",
            "caption": "نص تجريبي",
            "content_tags": "note",
            "priority": "P4",
        },
    ),
    Sample(
        file="note-russian.txt",
        draw=texts.russian_note,
        row={
            "source": "Форум-образец",
            "language": "ru",
            "severity": "3",
            "flagged_by": "authority",
            "flag_reason": "Sample: a typed threat, pretended",
            "caption": "Короткий текст",
            "content_tags": "note, pretended_threat",
            "origin": "referral",
            "priority": "P1",
        },
    ),
    Sample(
        file="without-source.jpg",
        draw=lambda: files.jpeg(scenes.rings("without-source", (1024, 768))),
        row={"flagged_by": "automated", "content_tags": "pattern"},
    ),
    Sample(
        file="broken-on-the-way.jpg",
        draw=lambda: files.cut(
            files.jpeg(scenes.hills("broken-on-the-way", (1200, 900))), percent=35
        ),
        row={
            "source": "Sample channel F",
            "flagged_by": "user",
            "flag_reason": "Sample: the file was cut",
        },
    ),
    Sample(
        file="attachment.docx",
        draw=lambda: b"A sample of a kind that is not shown.\n" * 40,
        row={
            "source": "Sample channel F",
            "language": "en",
            "severity": "1",
            "flagged_by": "user",
            "content_tags": "document",
            "priority": "P5",
        },
    ),
    Sample(
        file="severe-pretended.jpg",
        draw=_severe("severe-pretended"),
        row={
            "source": "Sample channel G",
            "captured_at": "2026-11-18T00:30:00Z",
            "language": "ar",
            "severity": "5",
            "flagged_by": "authority",
            "flag_reason": "Sample: pretended to be the gravest, it shows hills",
            "caption": "تلال مرسومة",
            "content_tags": "pretended_graphic",
            "origin": "referral",
            "priority": "P2",
        },
    ),
    Sample(
        file="severe-pretended-second.jpg",
        draw=_severe("severe-pretended-second"),
        row={
            "source": "Sample channel G",
            "captured_at": "2026-11-18T00:40:00Z",
            "severity": "5",
            "flagged_by": "authority",
            "flag_reason": "Sample: pretended to be the gravest, other hills",
            "content_tags": "pretended_graphic",
            "origin": "referral",
            "priority": "P2",
        },
    ),
    Sample(
        file="severe-pretended-third.jpg",
        draw=_severe("severe-pretended-third"),
        row={
            "source": "Sample channel G",
            "captured_at": "2026-11-18T00:50:00Z",
            "severity": "5",
            "flagged_by": "authority",
            "flag_reason": "Sample: the one that a first day's limit keeps concealed",
            "content_tags": "pretended_graphic",
            "origin": "referral",
            "priority": "P2",
        },
    ),
    Sample(
        file="panorama.jpg",
        draw=lambda: files.jpeg(
            scenes.crowd("panorama", (3200, 800), words=_pretended(4))
        ),
        row={
            "source": "Sample channel G",
            "captured_at": "2026-11-18T01:00:00Z",
            "severity": "4",
            "flagged_by": "staff",
            "caption": "Sample: a wide picture",
            "content_tags": "crowd, pretended_graphic",
            "origin": "own_initiative",
            "priority": "P3",
        },
    ),
)
