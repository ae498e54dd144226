"""The watch as a Prefect deployment: each look is a flow run that Prefect's page shows, by schedule.

In:    what to watch.  Out: a process that waits for scheduled runs and starts each in a process of its own, never two at once.
Fails: UsageError where no Prefect server is named, SettingsInvalid for a schedule that is none. A run that fails is told on the page; the next one tries again.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, State
from prefect.schedules import Cron, Interval, Schedule
from prefect.settings import PREFECT_API_URL
from prefect.states import Completed
from prefect.types.entrypoint import EntrypointType

from flows.watch import Asked, Watch
from models.errors import SettingsInvalid, UsageError
from pipeline.incoming.places import open_source
from pipeline.incoming.settings import IncomingSettings
from pipeline.settings import Settings

OFFICE_TIME = "Asia/Shanghai"


@flow(name="intake-watch")
def intake_watch(source: str, reference: str, out: str, scheme: str, year: int, workers: int, name: str) -> State[dict[str, int]]:
    """Take in what is complete and run the batch on it; the state tells what was done."""
    told: list[str] = []
    done = Watch(Asked(source, Path(reference) if reference else None, Path(out), scheme, year, workers, name), Settings.read(), told.append).run(once=True)
    return Completed(message="\n".join(told) or "没有新的申报", data=done.figures())


def schedule_of(incoming: IncomingSettings) -> Schedule:
    """When to look. Raises SettingsInvalid."""
    if not incoming.cron:
        return Interval(timedelta(seconds=incoming.poll_seconds))
    try:
        return Cron(incoming.cron, timezone=OFFICE_TIME)
    except ValueError as error:
        raise SettingsInvalid(f"INTAKE_INCOMING__CRON={incoming.cron!r} is no schedule ({error}). Write minute, hour, day, month and weekday, e.g. */10 * * 1 * for every ten minutes in January.") from None


def serve(asked: Asked, settings: Settings) -> None:
    """Serve the watch until this process is stopped; its schedule is paused then."""
    if not PREFECT_API_URL.value():
        raise UsageError("No Prefect server is named. Start one with prefect server start, and set PREFECT_API_URL to its address, e.g. http://127.0.0.1:4200/api.")
    parameters = {
        "source": asked.source if "://" in asked.source else str(Path(asked.source).resolve()), "reference": str(asked.reference.resolve()) if asked.reference else "", "out": str(asked.out.resolve()),
        "scheme": asked.scheme, "year": asked.year, "workers": asked.workers, "name": asked.name}
    intake_watch.serve(
        name=asked.name or open_source(asked.source, settings).name, schedule=schedule_of(settings.incoming), parameters=parameters, print_starting_message=False,
        global_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW), entrypoint_type=EntrypointType.MODULE_PATH)
