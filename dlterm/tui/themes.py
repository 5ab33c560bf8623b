"""dlterm's two themes; their grounds are those of dlterm.drawing.palette, so that pictures have no edge."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="dlterm-dark",
    dark=True,
    primary="#4FA3E0",
    secondary="#F08C28",
    accent="#F2B04C",
    success="#35BFA0",
    warning="#F2D468",
    error="#E5645A",
    foreground="#E4E7EE",
    background="#0C0E12",
    surface="#12141A",
    panel="#1C2029",
    variables={
        "border": "#2C323D",
        "border-blurred": "#2C323D",
        "footer-background": "#0C0E12",
        "footer-description-foreground": "#868E9C",
        "footer-key-foreground": "#F2B04C",
        "block-cursor-background": "#24405C",
        "block-cursor-foreground": "#FFFFFF",
    },
)
LIGHT = Theme(
    name="dlterm-light",
    dark=False,
    primary="#1B78C2",
    secondary="#D9741A",
    accent="#A65300",
    success="#0B7F68",
    warning="#8A6200",
    error="#B3261E",
    foreground="#20242C",
    background="#E9E9E4",
    surface="#F6F6F3",
    panel="#DEDED8",
    variables={
        "border": "#C2C6CE",
        "border-blurred": "#C2C6CE",
        "footer-background": "#E9E9E4",
        "footer-description-foreground": "#5A6270",
        "footer-key-foreground": "#A65300",
        "block-cursor-background": "#BFD9EE",
        "block-cursor-foreground": "#101418",
    },
)
