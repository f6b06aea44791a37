"""What tests of every folder may ask for."""

from tests.postgres import empty_postgres_url, migrated_postgres, postgres, postgres_url

__all__ = ["empty_postgres_url", "migrated_postgres", "postgres", "postgres_url"]
