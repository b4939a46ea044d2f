"""What Alembic runs for each command: the steps, in the transaction that the caller holds open.

There is no alembic.ini; ``storage.opening`` sets ``connection`` and ``version_table`` as its attributes.
"""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
    render_as_batch=True,
)
context.run_migrations()
