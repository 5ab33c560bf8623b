"""For those who write and teach: how well a pack is written, whether it is true, handouts, packs of one's own."""
