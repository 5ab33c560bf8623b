"""What every page does to take something out: the list of offers, writing, copying, recording the screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.app import SystemCommand
from textual.screen import ScreenResultType

from dlterm.errors import DltermError
from dlterm.text import safe
from dlterm.tui.app import DltermApp
from dlterm.tui.steady import Steady
from dlterm.tui.terminal import strips_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.segment import Segment

    from dlterm.tui.exports import Offer
    from dlterm.tui.screens.export import Wanted

_GROUP = "export"  # of workers: a page may cancel all of its own when it is come back to


class Exporting(Steady[ScreenResultType]):
    """A screen whose content can be taken out."""

    PLACE: ClassVar[str]
    app = getters.app(DltermApp)

    def offers(self) -> list[Offer]:
        """What there is to take out here."""
        from dlterm.tui.exports import screen_offers

        return screen_offers(self.PLACE, f"dlterm {self.PLACE}", self._lines)

    def offered(self) -> Iterable[SystemCommand]:
        """The same for the palette."""
        for offer in self.offers():
            yield SystemCommand(f"Export: {offer.title}", offer.help, partial(self.take_out, offer))
            if offer.copy is not None:
                yield SystemCommand(f"Copy: {offer.title}", offer.help, partial(self.copy_out, offer))

    def action_export(self) -> None:
        """The list of what can be taken out."""
        from dlterm.tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(self.offers()), self._wanted)

    def _wanted(self, wanted: Wanted | None) -> None:
        if wanted is not None and wanted.path is None:
            self.copy_out(wanted.offer)
        elif wanted is not None:
            self.take_out(wanted.offer, wanted.path)

    @work(group=_GROUP)
    async def take_out(self, offer: Offer, path: Path | None = None) -> None:
        """Write it, under the proposed name if there is no other; tell where it is."""
        path = path or offer.proposed()
        try:
            await offer.write(path)
        except DltermError as error:
            self._refuse(offer, error)
        else:
            self.notify(safe(str(path)), title=f"{offer.title}: written", markup=False, timeout=6)

    @work(group=_GROUP)
    async def copy_out(self, offer: Offer) -> None:
        """Copy it to the clipboard."""
        assert offer.copy is not None, "it was offered"
        try:
            text = await offer.copy()
        except DltermError as error:
            self._refuse(offer, error)
        else:
            self.app.copy_to_clipboard(text)
            lines = text.count("\n")
            self.notify(f"{lines:,} lines", title=f"{offer.title}: copied", markup=False, timeout=4)

    def _refuse(self, offer: Offer, error: DltermError) -> None:
        text = error.message + (f": {error.hint}" if error.hint else "")
        self.notify(safe(text), title=offer.title, severity="warning", markup=False, timeout=8)

    def _lines(self) -> list[list[Segment]]:
        """What is on the screen, below what lies over it."""
        return [list(strip) for strip in strips_of(self)]
