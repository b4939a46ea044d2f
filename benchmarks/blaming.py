"""What it costs to tell since when each passage of a release stands: part of ``make bench``. Prints CPU time."""

from __future__ import annotations

import random
import time

from scraper.judge import blame
from scraper.model import Block, BlockKind, Release

_CASES = ((10, 20, 60), (100, 20, 60), (300, 40, 60), (100, 200, 60), (2, 2_500, 60), (30, 10_000, 1), (150, 2, 1_000))


def _history(versions: int, paragraphs: int, words: int) -> list[Release]:
    """Texts, the newest first, of which each has another word in one paragraph than the one before."""
    chance = random.Random(1)
    vocabulary = [f"word{n}" for n in range(3_000)]
    text = [chance.choices(vocabulary, k=words) for _ in range(paragraphs)]
    found = []
    for _ in range(versions):
        chance.choice(text)[chance.randrange(words)] = chance.choice(vocabulary)
        blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=" ".join(each)) for each in text)
        found.append(Release(title="", blocks=blocks))
    return found[::-1]


def main() -> None:
    print("versions, paragraphs, words of each: ms")
    for case in _CASES:
        texts = _history(*case)
        costs = []
        for _ in range(3):
            start = time.process_time()
            blame(texts)
            costs.append(time.process_time() - start)
        print(*(f"{number:,}" for number in case), f"{min(costs) * 1_000:.1f}", sep="\t")


if __name__ == "__main__":
    main()
