"""The application's style sheet, built from the tokens and from nothing else.

Widgets say what they are by object name or by the dynamic property `role`; colours
and pixels come from `tokens`. The theme is set once for the whole application.
"""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.ui import tokens as t
from reviewer.ui.tokens import PALETTES, Palette, Theme

ROLE: Final = "role"
_FONT_SIZE: Final = re.compile(r"font-size: (\d+)px")
STRIP_MOST_PERCENT: Final = 125
"""The strips hold one line each: their words grow less than all others."""
_THEME: Final = "reviewer_theme"
_SCALE: Final = "reviewer_scale_percent"
WIDTH: Final = "reviewer_width_px"
"""Property of a column of content: how wide it may be at the usual size of text."""


def set_theme(app: QApplication, theme: Theme) -> None:
    """Give every window this theme, and remember it for painted widgets."""
    app.setProperty(_THEME, theme.value)
    app.setPalette(_qt_palette(PALETTES[theme]))
    app.setStyleSheet(style_sheet(PALETTES[theme], scale_percent()))


def set_scale(app: QApplication, percent: int) -> None:
    """Give all text of every window this size, at once."""
    if percent == scale_percent():
        return
    app.setProperty(_SCALE, percent)
    font = QFont(app.font())
    font.setPixelSize(scaled(t.TYPE_14))
    app.setFont(font)
    set_theme(app, theme_of(app))
    for widget in app.allWidgets():
        width = widget.property(WIDTH)
        if width:
            widget.setMaximumWidth(scaled(width))
        widget.updateGeometry()
        widget.update()


def scale_percent() -> int:
    """Return the size of text that holds, in percent of the usual one."""
    app = QCoreApplication.instance()
    value = None if app is None else app.property(_SCALE)
    return int(value) if value else 100


def scaled(size_px: int, *, most_percent: int = 200) -> int:
    """Return how large text, or a box around one line of it, is at this size.

    `most_percent`: where there is no more room; those words also stand elsewhere.
    """
    return round(size_px * min(scale_percent(), most_percent) / 100)


def is_large() -> bool:
    """Return whether text is so large that what stood side by side is stacked."""
    return scale_percent() > STRIP_MOST_PERCENT


def theme_of(app: QCoreApplication) -> Theme:
    """Return the theme that holds."""
    value = app.property(_THEME)
    return Theme(value) if value else Theme.LIGHT


def palette() -> Palette:
    """Return the palette that holds, for widgets that paint themselves."""
    app = QApplication.instance()
    return PALETTES[Theme.LIGHT if app is None else theme_of(app)]


def give_role(widget: QWidget, role: str) -> None:
    """Say what a widget is; the style sheet does the rest."""
    widget.setProperty(ROLE, role)


def change_role(widget: QWidget, role: str) -> None:
    """Change what a shown widget is, and style it again."""
    if widget.property(ROLE) == role:
        return
    widget.setProperty(ROLE, role)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def style_sheet(p: Palette, percent: int = 100) -> str:
    """Return the style sheet of a palette, with text of this size."""
    sheet = "\n".join((_ground(p), _text(p), _buttons(p), _fields(p), _surfaces(p)))
    if percent == 100:
        return sheet
    grown = _FONT_SIZE.sub(
        lambda found: f"font-size: {round(int(found[1]) * percent / 100)}px", sheet
    )
    strip = round(t.TYPE_14 * min(percent, STRIP_MOST_PERCENT) / 100)
    return f"{grown}\n#topStrip *, #homeBar * {{ font-size: {strip}px; }}"


def _ground(p: Palette) -> str:
    return f"""
QWidget {{ color: {p.text}; font-size: {t.TYPE_14}px; }}
#window, [role="screen"] {{ background: {p.window}; }}
[role="scroll"], [role="scroll"] > QWidget, [role="clear"] {{
  background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {t.SPACE_12}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {t.SPACE_12}px; margin: 0; }}
QScrollBar::handle {{ background: {p.scroll}; border-radius: {t.SPACE_4}px;
  margin: {t.FOCUS_PX}px; min-height: {t.SPACE_32}px; min-width: {t.SPACE_32}px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QToolTip {{ color: {p.text}; background: {p.card};
  border: {t.LINE_PX}px solid {p.border}; }}
"""


def _text(p: Palette) -> str:
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="display"] {{ font-size: {t.TYPE_28}px; }}
QLabel[role="title"] {{ font-size: {t.TYPE_20}px; }}
QLabel[role="heading"] {{ font-size: {t.TYPE_16}px; }}
QLabel[role="strong"] {{ }}
QLabel[role="muted"] {{ color: {p.muted}; }}
QLabel[role="small"] {{ color: {p.muted}; font-size: {t.TYPE_12}px; }}
QLabel[role="overline"] {{ color: {p.muted}; font-size: {t.TYPE_12}px;
  }}
QLabel[role="accent"] {{ color: {p.accent_text}; }}
QLabel[role="deadline"] {{ color: {p.deadline}; }}
QLabel[role="words"] {{ font-size: {t.TYPE_20}px;
  background: {p.accent_soft}; color: {p.on_accent_soft};
  border-radius: {t.RADIUS_SMALL}px; padding: {t.SPACE_12}px {t.SPACE_16}px; }}
QLabel[role="tag"] {{ background: {p.hover}; color: {p.text};
  border-radius: {t.RADIUS_SMALL}px; padding: {t.SPACE_4}px {t.SPACE_8}px;
  font-size: {t.TYPE_12}px; }}
QLabel[role="soft"] {{ background: {p.accent_soft}; color: {p.on_accent_soft};
  border-radius: {t.RADIUS_SMALL}px; padding: {t.SPACE_8}px {t.SPACE_12}px; }}
QLabel[role="warn"] {{ background: {p.deadline_soft}; color: {p.deadline};
  border-radius: {t.RADIUS_SMALL}px; padding: {t.SPACE_8}px {t.SPACE_12}px; }}
QLabel[role="code"] {{ color: {p.muted}; font-size: {t.TYPE_12}px; }}
"""


def _buttons(p: Palette) -> str:
    inset = t.SPACE_16 - t.FOCUS_PX
    return f"""
QPushButton {{ min-height: {t.CONTROL_PX - 2 * t.FOCUS_PX}px;
  padding: 0 {inset}px; border-radius: {t.RADIUS_SMALL}px;
  border: {t.FOCUS_PX}px solid {p.border}; background: {p.card}; color: {p.text}; }}
QPushButton:hover {{ background: {p.hover}; }}
QPushButton:pressed {{ background: {p.pressed}; }}
QPushButton:disabled {{ color: {p.disabled}; background: transparent; }}
QPushButton:focus {{ border-color: {p.focus}; }}
QPushButton[role="primary"] {{ background: {p.accent}; color: {p.on_accent};
  border-color: {p.accent}; min-height: {t.CONTROL_LARGE_PX - 2 * t.FOCUS_PX}px; }}
QPushButton[role="primary"]:hover {{ background: {p.accent_hover}; }}
QPushButton[role="primary"]:focus {{ border-color: {p.text}; }}
QPushButton[role="primary"]:disabled {{ background: {p.pressed};
  color: {p.disabled}; border-color: {p.pressed}; }}
QPushButton[role="large"] {{
  min-height: {t.CONTROL_LARGE_PX - 2 * t.FOCUS_PX}px; }}
QPushButton[role="quiet"] {{ background: transparent; color: {p.muted};
  padding: 0 {t.SPACE_8}px; border-color: transparent; }}
QPushButton[role="back"] {{ background: transparent; color: {p.muted};
  padding: 0 {t.SPACE_8}px 0 0; border-color: transparent; text-align: left; }}
QPushButton[role="back"]:hover {{ color: {p.text}; }}
QPushButton[role="back"]:focus {{ border-color: {p.focus}; }}
QPushButton[role="quiet"]:hover {{ background: {p.hover}; color: {p.text}; }}
QPushButton[role="quiet"]:disabled {{ color: {p.disabled}; }}
QPushButton[role="quiet"]:focus {{ border-color: {p.focus}; }}
QPushButton[role="link"] {{ background: transparent; color: {p.accent_text};
  padding: 0 {t.SPACE_4}px; text-align: left; border-color: transparent; }}
QPushButton[role="link"]:hover {{ background: {p.hover}; }}
QPushButton[role="link"]:focus {{ border-color: {p.focus}; }}
QRadioButton, QCheckBox {{ spacing: {t.SPACE_8}px; min-height: {t.TARGET_PX}px;
  border: {t.FOCUS_PX}px solid transparent; border-radius: {t.RADIUS_SMALL}px;
  padding: 0 {t.SPACE_8}px; }}
QRadioButton:focus, QCheckBox:focus {{ border-color: {p.focus}; }}
QCheckBox:disabled {{ color: {p.disabled}; }}
QCheckBox::indicator {{ width: {t.SPACE_12}px; height: {t.SPACE_12}px;
  border: {t.FOCUS_PX}px solid {p.border_strong};
  border-radius: {t.FOCUS_PX}px; background: {p.field}; }}
QCheckBox::indicator:checked {{ background: {p.accent}; border-color: {p.accent}; }}
QRadioButton::indicator {{ width: {t.SPACE_12}px; height: {t.SPACE_12}px;
  border: {t.FOCUS_PX}px solid {p.border_strong};
  border-radius: {t.SPACE_8}px; background: {p.field}; }}
QRadioButton::indicator:checked {{ border: {t.SPACE_4}px solid {p.accent};
  width: {t.SPACE_8}px; height: {t.SPACE_8}px; }}
"""


def _fields(p: Palette) -> str:
    inset = t.SPACE_12 - t.FOCUS_PX
    return f"""
QLineEdit, QPlainTextEdit {{ background: {p.field}; color: {p.text};
  border: {t.LINE_PX}px solid {p.border_strong}; border-radius: {t.RADIUS_SMALL}px;
  padding: {t.LINE_PX}px {inset + t.LINE_PX}px;
  selection-background-color: {p.accent}; selection-color: {p.on_accent};
  placeholder-text-color: {p.muted}; }}
QLineEdit {{ min-height: {t.CONTROL_LARGE_PX - t.SPACE_8}px; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: {t.FOCUS_PX}px solid {p.focus};
  padding: 0 {inset}px; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {p.disabled};
  border-color: {p.border}; }}
QTextEdit[role="reading"] {{ background: transparent; border: none;
  padding: 0; font-size: {t.TYPE_16}px; }}
QListWidget {{ background: {p.card}; border: {t.LINE_PX}px solid {p.border};
  border-radius: {t.RADIUS_LARGE}px; padding: {t.SPACE_4}px; outline: none; }}
QListWidget:focus {{ border: {t.LINE_PX}px solid {p.focus}; }}
QListWidget::item {{ min-height: {t.TARGET_PX}px; padding: 0 {t.SPACE_8}px;
  border-radius: {t.RADIUS_SMALL}px; color: {p.text}; }}
QListWidget::item:hover {{ background: {p.hover}; }}
QListWidget::item:selected {{ background: {p.accent_soft};
  color: {p.on_accent_soft}; }}
QProgressBar {{ background: {p.pressed}; border: none;
  border-radius: {t.PROGRESS_PX // 2}px; min-height: {t.PROGRESS_PX}px;
  max-height: {t.PROGRESS_PX}px; }}
QProgressBar::chunk {{ background: {p.accent};
  border-radius: {t.PROGRESS_PX // 2}px; }}
"""


def _surfaces(p: Palette) -> str:
    line = f"{t.LINE_PX}px solid {p.border}"
    return f"""
[role="card"] {{ background: {p.card}; border: {line};
  border-radius: {t.RADIUS_LARGE}px; }}
[role="panel"] {{ background: {p.panel}; }}
[role="group"] {{ background: {p.hover}; border-radius: {t.RADIUS_LARGE}px; }}
[role="rule"] {{ background: {p.border}; max-height: {t.LINE_PX}px;
  min-height: {t.LINE_PX}px; }}
#topStrip {{ background: {p.panel}; border-bottom: {line}; }}
#bottomStrip {{ background: {p.panel}; border-top: {line}; }}
#leftZone {{ background: {p.panel}; border-right: {line}; }}
#rightZone {{ background: {p.panel}; border-left: {line}; }}
#homeBar {{ background: {p.panel}; border-bottom: {line}; }}
"""


def _qt_palette(p: Palette) -> QPalette:
    result = QPalette()
    roles = {
        QPalette.ColorRole.Window: p.window,
        QPalette.ColorRole.WindowText: p.text,
        QPalette.ColorRole.Base: p.field,
        QPalette.ColorRole.AlternateBase: p.panel,
        QPalette.ColorRole.Text: p.text,
        QPalette.ColorRole.PlaceholderText: p.muted,
        QPalette.ColorRole.Button: p.hover,
        QPalette.ColorRole.ButtonText: p.text,
        QPalette.ColorRole.Highlight: p.accent,
        QPalette.ColorRole.HighlightedText: p.on_accent,
        QPalette.ColorRole.ToolTipBase: p.card,
        QPalette.ColorRole.ToolTipText: p.text,
        QPalette.ColorRole.Accent: p.accent,
    }
    for role, color in roles.items():
        result.setColor(role, QColor(color))
    return result
