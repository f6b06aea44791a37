"""What tests of every folder may ask for."""

import os

from tests.postgres import empty_postgres_url, migrated_postgres, postgres, postgres_url

__all__ = ["empty_postgres_url", "migrated_postgres", "postgres", "postgres_url"]

# Most tests are about one trial, and the processes that they start as well; those about several say so.
os.environ["TRIALS"] = "NCT06848582"
