"""Settings that every test shares.

Properties are tried on few examples, the same ones every time, so that checking one
commit twice gives one answer. To search for new ones, at length:
``pytest --hypothesis-profile=search``.
"""

import signal

from hypothesis import HealthCheck, settings

settings.register_profile(
    "check",
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "search",
    max_examples=1_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("check")

# A shell starts what runs in its background deaf to Ctrl-C, and what that starts is deaf, too:
# tests that interrupt the program would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)
