"""What failed several times is left alone for a while (SE-1)."""

from search.breaker import Breaker


def test_five_failures_open_it_for_thirty_seconds_then_one_may_try() -> None:
    clock = [100.0]
    breaker = Breaker(now=lambda: clock[0])

    for _ in range(5):
        assert breaker.allows()
        breaker.failed()

    assert not breaker.allows()
    clock[0] += 29.9
    assert not breaker.allows()
    clock[0] += 0.1
    assert breaker.allows()
    # The others wait for what that one finds.
    assert not breaker.allows()
    breaker.failed()
    clock[0] += 29.9
    assert not breaker.allows()
    clock[0] += 0.1
    assert breaker.allows()
    breaker.worked()
    assert breaker.allows()
    assert breaker.is_well


def test_a_success_forgives_what_was_before() -> None:
    breaker = Breaker()

    for _ in range(3):
        for _ in range(4):
            breaker.failed()
        assert not breaker.is_well
        assert breaker.allows()
        breaker.worked()

    assert breaker.is_well
