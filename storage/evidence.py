"""Evidence: the very bytes of an answer, each version as its difference to the one before."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, insert, select

from scraper.model import Fetched
from storage import codec, compress, schema
from storage.database import AnyRow
from storage.errors import DatabaseDamaged

__all__ = ["KEYFRAME_EVERY", "body_of", "fetched_from", "keep_evidence"]

_EVIDENCE = schema.Evidence

KEYFRAME_EVERY = 16
"""At most so many frames are read for one body."""


def keep_evidence(connection: Connection, fetched: Fetched, *, base_id: int | None) -> int:
    """Insert an answer, as its difference to that of ``base_id`` where this is worth it. Its id."""
    frame, base_id, depth = _frame(connection, fetched.body, base_id)
    return connection.execute(
        insert(_EVIDENCE)
        .values(
            url=fetched.url,
            final_url=fetched.final_url,
            redirects=codec.redirects_to(fetched.redirects),
            status=fetched.status,
            headers=[list(header) for header in fetched.headers],
            body=frame,
            sha256=hashlib.sha256(fetched.body).hexdigest(),
            size=len(fetched.body),
            received=fetched.received,
            started_at=fetched.started_at,
            fetched_at=fetched.finished_at,
            base_id=base_id,
            depth=depth,
        )
        .returning(_EVIDENCE.id)
    ).scalar_one()


def body_of(connection: Connection, evidence_id: int) -> bytes:
    """The body of an answer, made from the chain of differences that leads to it.

    Raises:
        DatabaseDamaged: a link of the chain is missing or can't be unpacked.
    """
    chain = select(_EVIDENCE.id, _EVIDENCE.base_id).where(_EVIDENCE.id == evidence_id).cte("chain", recursive=True)
    chain = chain.union_all(select(_EVIDENCE.id, _EVIDENCE.base_id).join(chain, _EVIDENCE.id == chain.c.base_id))
    rows = connection.execute(
        select(_EVIDENCE.body, _EVIDENCE.depth).join(chain, chain.c.id == _EVIDENCE.id).order_by(_EVIDENCE.depth)
    ).all()
    if [row.depth for row in rows] != list(range(len(rows))) or not rows:
        raise DatabaseDamaged(f"evidence {evidence_id} lacks what it is a difference to")
    body: bytes | None = None
    for row in rows:
        body = compress.unpack(row.body, body)
    return body or b""


def fetched_from(row: AnyRow, body: bytes) -> Fetched:
    """The answer of a row that has the columns of evidence."""
    return Fetched(
        url=row.url,
        final_url=row.final_url,
        status=row.status,
        headers=tuple((name, value) for name, value in row.headers),
        body=body,
        started_at=row.started_at,
        finished_at=row.fetched_at,
        redirects=codec.redirects_from(row.redirects),
        received=row.received,
    )


def _frame(connection: Connection, body: bytes, base_id: int | None) -> tuple[bytes, int | None, int]:
    """The frame to keep, what it is a difference to, and how many frames that takes to read."""
    whole = compress.pack(body)
    if base_id is None:
        return whole, None, 0
    depth = connection.execute(select(_EVIDENCE.depth).where(_EVIDENCE.id == base_id)).scalar_one() + 1
    if depth >= KEYFRAME_EVERY:
        return whole, None, 0
    try:
        base = body_of(connection, base_id)
    except DatabaseDamaged:
        # What was damaged before must not take the new version with it.
        return whole, None, 0
    delta = compress.difference(body, base)
    if delta is None or len(delta) > len(whole) / 2:
        return whole, None, 0
    return delta, base_id, depth
