"""Nothing of ours reaches for another machine: a batch with Prefect, the review page and the suite in a network namespace that has loopback alone.

Attempts are counted three times: by Python's own events in every process; by a name server of ours, whom every program there asks;
and, where strace is installed, by the system calls of all programs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from born_digital import write_born_digital
from faults import Faults

ROOT = Path(__file__).parents[2]
UNSHARED = ("-n", "-m")
# a new namespace's loopback is down; `ip` isn't everywhere: SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
ALONE = """
import fcntl, os, socket, struct, subprocess, sys
told, resolv, *command = sys.argv[1:]
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))
assert [name for _, name in socket.if_nameindex()] == ["lo"]
subprocess.run(["mount", "--bind", resolv, "/etc/resolv.conf"], check=True)
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind(("127.0.0.1", 53))
if os.fork():
    os.execv(command[0], command)
names.settimeout(0.2)
asker = os.getppid()
while os.getppid() == asker:
    try:
        asked, who = names.recvfrom(4096)
    except TimeoutError:
        continue
    names.sendto(asked[:2] + bytes([0x81, 0x83]) + asked[4:], who)  # there is no such name
    with open(told, "ab") as file:
        file.write(b"asked for %r\\n" % asked[12:])
"""
PAGE = """
import sys, threading, time, urllib.request
from pathlib import Path
from flows.review import open_site, serve
from pipeline.settings import Settings
out, settings = Path(sys.argv[1]), Settings()
open_site(out, settings)
threading.Thread(target=serve, args=("127.0.0.1", 8765, out, settings), daemon=True).start()
for n in range(100):
    try:
        page = urllib.request.urlopen("http://127.0.0.1:8765/").read().decode()
        break
    except OSError:
        time.sleep(0.2)
assert "<form" in page, page[:500]
"""
READING = """
import sys, time
import numpy as np
from extractors.ocr.engine import build
from extractors.ocr.settings import OcrSettings
build(OcrSettings(threads=1, backend=sys.argv[1])).read([np.full((320, 320), 255, np.uint8)])
time.sleep(1)
"""
# where one of these is set, packages that tell their makers of their use don't
QUIET = (
    "CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TRAVIS", "JENKINS_URL", "CODEBUILD_BUILD_ID", "BUILDKITE", "TEAMCITY_VERSION", "APPVEYOR",
    "BITBUCKET_BUILD_NUMBER", "ORT_DISABLE_TELEMETRY",
)  # fmt: skip
CALL = re.compile(r"(?:connect|sendto|sendmsg)\(.*?sin6?_addr=inet_[a-z]+\((?:AF_INET6, )?\"([^\"]+)\"|inet_pton\(AF_INET6, \"([^\"]+)\"")

Alone = Callable[..., list[str]]


def _traced() -> bool:
    """Whether somebody traces this process already, as the suite within the suite is: nobody else can then."""
    return re.search(r"^TracerPid:\s*0$", Path("/proc/self/status").read_text("utf-8"), re.MULTILINE) is None


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The user's folder, empty."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def alone(tmp_path: Path, home: Path) -> Alone:
    """Runs a command of Python's in a namespace with loopback only; gives the attempts to leave it."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, *UNSHARED, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace can be made here (unshare -n -m)")
    told, calls, resolv = tmp_path / "attempts", tmp_path / "calls", tmp_path / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.1\n", "utf-8")
    strace = None if _traced() else shutil.which("strace")

    def run(*arguments: str | Path) -> list[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("INTAKE_") and not name.lower().endswith("_proxy") and name not in QUIET}
        env |= {"HOME": str(home), "ATTEMPTS": str(told), "PYTHONPATH": f"{Path(__file__).parent / 'watch'}:{ROOT}"}
        traced = [strace, "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg", "-o", str(calls)] if strace else []
        done = subprocess.run(
            [unshare, *UNSHARED, *traced, sys.executable, "-c", ALONE, told, resolv, sys.executable, *map(str, arguments)], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        lines = told.read_text("utf-8").splitlines() if told.exists() else []
        return lines + left_by(calls.read_text("utf-8", "replace") if calls.exists() else "")

    return run


def left_by(calls: str) -> list[str]:
    """System calls that name another machine."""
    asked = [(line, match[1] or match[2]) for line in calls.splitlines() if (match := CALL.search(line))]
    return [line for line, address in asked if not address.startswith("127.") and address not in ("::1", "0.0.0.0", "::")]


@pytest.mark.parametrize(
    ("line", "leaves"),
    [
        ('12 connect(5, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, 16) = 0', True),
        ('12 connect(5, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ENETUNREACH', True),
        ('12 connect(5, {sa_family=AF_INET, sin_port=htons(4200), sin_addr=inet_addr("127.0.0.1")}, 16) = 0', False),
        ('12 connect(5, {sa_family=AF_UNIX, sun_path="/run/x"}, 9) = 0', False),
    ],
)
def test_calls_that_leave_are_known(line: str, leaves: bool) -> None:
    assert bool(left_by(line)) is leaves


def test_an_attempt_is_seen(alone: Alone) -> None:
    found = alone("-c", "import socket, contextlib\nwith contextlib.suppress(OSError): socket.create_connection(('192.0.2.1', 80), 1)")
    assert found


def test_a_look_up_is_seen_whichever_program_makes_it(alone: Alone) -> None:
    found = alone("-c", "import subprocess; subprocess.run(['getent', 'hosts', 'example.org'])")
    assert any("example" in line for line in found)


@pytest.mark.parametrize("backend", ["openvino", "onnxruntime"])
def test_reading_reaches_for_nobody(alone: Alone, home: Path, backend: str) -> None:
    assert alone("-c", READING, backend) == []
    assert list(home.rglob("*")) == []  # what is kept to be sent later: ONNX Runtime sends some 10 s after it began


@pytest.mark.fault("loopback only")
def test_a_batch_and_the_page_reach_for_nobody(alone: Alone, tmp_path: Path, faults: Faults) -> None:
    submissions = faults.number(100, 0)
    if not submissions:
        pytest.skip("only in make faults; test_accuracy.py watches a batch in make test")
    write_born_digital(tmp_path, submissions, seed=1, pages=2)
    out = tmp_path / "out"
    command = ("-m", "flows.cli", "run", tmp_path / "batch", "--reference", tmp_path / "reference", "--out", out, "--scheme", "ningbo-2020", "--year", "2021", "--workers", "2")
    attempts = [*alone(*command), *alone("-c", PAGE, out)]
    assert attempts == []
    assert len(list(out.glob("*/claim.json"))) == submissions
    faults.tell(injected=2, attempts=len(attempts), submissions=submissions)


@pytest.mark.fault("loopback only")
def test_the_suite_reaches_for_nobody(alone: Alone, faults: Faults) -> None:
    if not faults.size(1, 0):
        pytest.skip("the suite within the suite: only in make faults")
    but_these = ("--ignore", str(Path(__file__).parent))  # they reach out, to see that it is seen
    attempts = alone("-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", "-m", "not fault", *but_these, *os.environ.get("FAULT_SUITE", "tests").split())
    assert attempts == []
    faults.tell(injected=1, attempts=len(attempts))
