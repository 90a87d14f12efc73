"""For authors of plugins: conformance kits, fakes, bad partners, builders. Nothing here imports it.

Where pytest is running already it is asked to show what the asserts of the kits compared, as it does for tests.
"""

import sys

if "pytest" in sys.modules:
    import pytest

    pytest.register_assert_rewrite(
        *(
            f"{__name__}.{room}"
            for room in (
                "calendar_contract",
                "check_contract",
                "delivery",
                "forwarding_contract",
                "notification_contract",
                "query_contract",
                "storage_contract",
                "storage_races",
                "storage_reading",
                "storage_uniqueness",
                "timer_kind_contract",
            )
            if f"{__name__}.{room}" not in sys.modules
        )
    )
