"""Abstract pictures: hills, maps, posters, flags, crowds of dots, charts, bars.

Nothing here shows a person, a wound or a weapon. What a sample pretends to be is
said in its tags and its texts, never in its pixels.
"""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageDraw

from reviewer.demo.draw_canvas import INK, PAPER, Dice, fade, finish, grain
from reviewer.demo.draw_text import write

Size = tuple[int, int]
WORDS: Final = "Sample drawn by code"


def hills(name: str, size: Size, *, words: str = WORDS) -> Image.Image:
    """Draw ranges of hills under a sky, with a sun."""
    dice = Dice(name)
    width, height = size
    image = fade(size, dice.colour(low=140), dice.colour(low=190, high=250))
    draw = ImageDraw.Draw(image)
    sun = height // 10
    left, top = dice.between(sun, width - 2 * sun), height // 6
    draw.ellipse((left, top, left + sun, top + sun), fill=(250, 240, 200))
    for ridge in range(5):
        base = height * (35 + 12 * ridge) // 100
        rise = height // 14
        line = [
            (width * step // 12, base + dice.between(-rise, rise)) for step in range(13)
        ]
        points = [(0, height), *line, (width, height)]
        shade = 150 - 22 * ridge
        draw.polygon(points, fill=(shade - 20, shade + dice.below(20), shade - 10))
    return finish(grain(image, name), words)


def town_map(name: str, size: Size, *, words: str = WORDS) -> Image.Image:
    """Draw a town plan that fits no town."""
    dice = Dice(name)
    width, height = size
    image = fade(size, (236, 233, 221), (229, 226, 212))
    draw = ImageDraw.Draw(image)
    river = [
        (width * step // 8, height // 3 + dice.between(-height // 8, height // 8))
        for step in range(9)
    ]
    draw.line(river, fill=(150, 185, 210), width=max(8, height // 14), joint="curve")
    for _ in range(60):
        left, top = dice.below(width), dice.below(height)
        wide = dice.between(width // 40, width // 12)
        high = dice.between(height // 40, height // 12)
        draw.rectangle((left, top, left + wide, top + high), fill=(206, 200, 186))
    for street in range(7):
        along = height * (street + 1) // 8 + dice.between(-9, 9)
        draw.line((0, along, width, along), fill=(255, 255, 255), width=height // 90)
        across = width * (street + 1) // 8 + dice.between(-9, 9)
        draw.line((across, 0, across, height), fill=(255, 255, 255), width=width // 120)
    return finish(grain(image, name, strength=3), words)


def poster(
    name: str, size: Size, lines: tuple[str, ...], *, words: str = WORDS
) -> Image.Image:
    """Draw a notice: a frame, a heading and plain lines of text."""
    dice = Dice(name)
    width, height = size
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    edge = max(6, width // 40)
    draw.rectangle((edge, edge, width - edge, height - edge), outline=INK, width=edge)
    strip = (2 * edge, 2 * edge, width - 2 * edge, height // 4)
    draw.rectangle(strip, fill=dice.colour(high=140))
    places = (height // 6, height * 33 // 100, height * 68 // 100, height * 78 // 100)
    for index, line in enumerate(lines[:4]):
        ink = PAPER if index == 0 else INK
        size_px = width // 14 if index == 0 else width // 24
        write(draw, (width // 2, places[index]), line, size_px=size_px, ink=ink)
    return finish(image, words)


def flag(name: str, size: Size, *, words: str = WORDS) -> Image.Image:
    """Draw a flag of invented stripes."""
    dice = Dice(name)
    width, height = size
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    for stripe in range(7):
        top = height * stripe // 7
        draw.rectangle((0, top, width, top + height // 7), fill=dice.colour())
    side = min(width, height) // 4
    draw.rectangle((side // 2, side // 2, side * 2, side * 2), fill=dice.colour())
    return finish(grain(image, name, strength=4), words)


def crowd(name: str, size: Size, *, words: str = WORDS) -> Image.Image:
    """Draw a square seen from above: a crowd as dots."""
    dice = Dice(name)
    width, height = size
    image = fade(size, (198, 190, 176), (176, 168, 154))
    draw = ImageDraw.Draw(image)
    for _ in range(700):
        left = dice.below(width)
        top = (dice.below(height) + dice.below(height)) // 2
        dot = dice.between(width // 220 + 2, width // 110 + 3)
        draw.ellipse((left, top, left + dot, top + dot), fill=dice.colour())
    return finish(grain(image, name), words)


def chart(name: str, size: Size, *, words: str = WORDS) -> Image.Image:
    """Draw a bar chart of nothing."""
    dice = Dice(name)
    width, height = size
    image = Image.new("RGB", size, (250, 250, 250))
    draw = ImageDraw.Draw(image)
    for line in range(1, 8):
        along = height * line // 9
        draw.line((width // 12, along, width, along), fill=(220, 220, 224))
    for bar in range(12):
        left = width // 10 + bar * width * 7 // 96
        top = dice.between(height // 8, height * 3 // 4)
        box = (left, top, left + width // 20, height * 7 // 8)
        draw.rectangle(box, fill=dice.colour(low=70, high=180))
    return finish(image, words)


def rings(name: str, size: Size, *, words: str = WORDS) -> Image.Image:
    """Draw rings and tiles: a pattern without any meaning."""
    dice = Dice(name)
    width, height = size
    image = fade(size, dice.colour(), dice.colour())
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        middle, level = dice.below(width), dice.below(height)
        radius = dice.between(width // 40, width // 8)
        box = (middle - radius, level - radius, middle + radius, level + radius)
        draw.ellipse(box, outline=dice.colour(), width=max(2, radius // 6))
    return finish(grain(image, name), words)
