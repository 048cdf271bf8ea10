"""The schema's history, numbered; each step runs on SQLite (batch mode) and PostgreSQL."""
