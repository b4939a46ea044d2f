"""How the database came to be what it is: one file a step, run by Alembic when a database is opened."""
