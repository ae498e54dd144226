"""The review page as `intake review` serves it: on this machine, with the workspace's database, by a production server.

In:    a workspace, with a run's results or new, settings, where to listen.
Out:   a server until it is stopped; users made at the prompt.
Fails: UsageError with what to do: no user yet and nobody at the prompt, a password that is too weak, a port that is taken.
"""

from __future__ import annotations

import gc
import getpass
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from flows.workspace import LastRun, Workspace
from models.errors import UsageError
from pipeline.review.web.site import application, open_review
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.store.models import Batch

THREADS = 8


def open_site(out: Path, settings: Settings) -> None:
    """Set the page up on a workspace, and let it know the batch that was run there last."""
    from django.conf import settings as django_settings

    open_review(settings, out / ".work")
    from pipeline.review.web.inboxes import introduce  # Django must be set up before
    from pipeline.store.models import Batch

    if (last := asked_last(out)) and (batch := Batch.objects.filter(name=last.batch, scheme=last.scheme, year=last.year).first()):
        introduce(batch, last.folder)
    django_settings.RECHECKING = Rechecking(out)


class Rechecking:
    """Judges a run's claims anew in a process of its own, one at a time and when no run goes on; what it says goes to the server's log."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def covers(self, batch: Batch) -> bool:
        """Whether the batch is that of the folder's run."""
        try:
            asked = Workspace(self._out).last_run()
        except UsageError:
            return False
        return (batch.name, batch.scheme, batch.year) == (asked.batch, asked.scheme, asked.year)

    @property
    def running(self) -> bool:
        """Whether it is at it."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> bool:
        """Begin; False where it is at it already."""
        with self._lock:
            if self.running:
                return False
            from flows.readings import same_code  # Django is set up by now

            command = [sys.executable, "-P", "-m", "flows.cli", "recheck", str(self._out.resolve()), "--workers", "1", "--wait"]
            self._process = subprocess.Popen(command, env=same_code(), stdin=subprocess.DEVNULL, stdout=sys.stderr)  # noqa: S603  our own program, no words of others  # nosec B603
            return True


def serve(host: str, port: int, out: Path, settings: Settings) -> None:
    """Serve until stopped, and read what people upload meanwhile."""
    import waitress

    from flows.readings import Readings

    threading.Thread(target=_settle, name="tables", daemon=True).start()
    Readings(out, settings.review.uploads).start()
    try:
        waitress.serve(application(), host=host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True)
    except OSError as error:
        raise UsageError(f"Port {port} of {host} can't be used ({error.strerror}). Name another with --port.") from None


def _settle() -> None:
    """Read the tables that people will need first, and leave them and all code out of the search for garbage: every pass over them holds all requests up for a tenth of a second."""
    from pipeline.review.web.tables import warm

    warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 50)  # a request makes some ten thousand objects, and hardly any in circles


def asked_last(out: Path) -> LastRun | None:
    """What the last run was asked to do; None where there was none."""
    try:
        return Workspace(out).last_run()
    except UsageError:
        return None


def someone_there() -> bool:
    """Whether anybody can log in."""
    from pipeline.review.web.models import User

    return User.objects.filter(is_active=True).exists()


def create_user(name: str, role: str, full_name: str = "") -> None:
    """Make a user; the password is asked for twice at the prompt, or taken from NEW_USER_PASSWORD where nobody is at one."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from pipeline.review.web import audit
    from pipeline.review.web.models import User
    from pipeline.review.web.roles import Role

    if role not in set(Role):
        raise UsageError(f"There is no role {role}. Roles: {', '.join(Role.values)}.")
    if User.objects.filter(username=name).exists():
        raise UsageError(f"There is a user {name} already. Choose another name.")
    person = User(username=name, first_name=full_name, role=role)
    password = _password()
    try:
        person.full_clean(exclude=["password"])
        validate_password(password, person)
    except ValidationError as error:
        raise UsageError(" ".join(error.messages)) from None
    person.set_password(password)
    with transaction.atomic():
        person.save()
        audit.record("person-new", None, person.opaque, username=person.username, role=role)


def _password() -> str:
    given = os.environ.pop("NEW_USER_PASSWORD", "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise UsageError("Nobody is at the prompt to type a password. Set NEW_USER_PASSWORD for this one call, or call it in a terminal.")
    first = getpass.getpass("密码（至少12位）：")
    if first != getpass.getpass("再输入一次："):
        raise UsageError("The two passwords differ. Try again.")
    return first
