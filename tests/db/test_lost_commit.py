"""The connection is lost during the commit: nobody claims that nothing was changed."""

from __future__ import annotations

import pytest

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM
from penholder.kernel.errors import StorageError
from tests.casework import Casework, SettingsOfTest
from tests.ledger_ground import tell
from tests.postgresql import cluster

FALLS_AT_COMMIT = """
CREATE FUNCTION public.fall() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER falls AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION public.fall();
"""


def test_it_is_said_that_it_is_not_known(casework: Casework, settings_of_test: SettingsOfTest) -> None:
    if casework.vendor != "postgresql":
        pytest.skip("there is no connection to lose")
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.ledger_ground.EveryoneMay")
    with cluster().connect(casework.name) as connection:
        connection.execute(FALLS_AT_COMMIT.encode())
    with pytest.raises(StorageError, match="it is not known whether the act was done") as lost:
        perform(tell, SYSTEM)
    assert "nothing was changed" not in str(lost.value)
