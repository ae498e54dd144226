"""The steps that a claim goes through until it is paid, and what may be decided at each: stages.toml.

In:    a scheme's name; a stage, a role.  Out: stages, actions, the day on which a step may end.
Fails: UsageError for a scheme without stages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

import holidays

from models.errors import UsageError
from models.page import Frozen
from pipeline.labels import Language


class Action(StrEnum):
    """What a person may decide."""

    PASS = "pass"  # noqa: S105  通过: on to the next stage  # nosec B105
    RETURN = "return"  # 退回补正: the applicant hands in what is missing
    REJECT = "reject"  # 不予通过
    REFER = "refer"  # 提请复核: somebody with more say should look
    REOPEN = "reopen"  # 恢复办理: a claim that was returned or rejected is taken up again
    UNDO = "undo"  # 撤销: take back what one decided oneself, the same day


class Stage(Frozen):
    """One step. roles: who may decide; working_days: how long it lasts at least; clause: by track, the measure's."""

    name: str
    zh: str
    en: str
    roles: frozenset[str]
    next: str
    actions: tuple[Action, ...]
    clause: dict[str, str] = {}
    working_days: int = 0

    def over_on(self, since: date) -> date:
        """The first day on which the step may end, if it began on `since`: its working days, public holidays of China left out, have passed."""
        if not self.working_days:
            return since
        # the first of the working days is the day after the notice is put up; it may end when the last is over
        day: date = holidays.country_holidays("CN").get_nth_working_day(since, self.working_days + 1)
        return day


class Stages(Frozen):
    """A scheme's steps."""

    first: str
    stages: dict[str, Stage]

    def __getitem__(self, name: str) -> Stage:
        return self.stages[name]


@cache
def _table() -> Mapping[str, Stages]:
    raw = tomllib.loads(files("pipeline.review").joinpath("stages.toml").read_text(encoding="utf-8"))
    return {
        scheme: Stages(first=entry["first"], stages={name: Stage(name=name, **stage) for name, stage in entry["stage"].items()})
        for scheme, entry in raw.items()
    }


def stages_of(scheme: str) -> Stages:
    """The steps of a scheme. Raises UsageError where none are told."""
    found = _table().get(scheme)
    if found is None:
        raise UsageError(f"No review stages are known for scheme {scheme}. Add them to pipeline/review/stages.toml.")
    return found


def stage_words(name: str, language: Language = Language.ZH) -> str:
    """A stage's name in words, whichever scheme it is of."""
    found = next((stages.stages[name] for stages in _table().values() if name in stages.stages), None)
    return name if found is None else found.en if language is Language.EN else found.zh
