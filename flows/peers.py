"""The readers that are compared: this one, and three others as they come, each in a process of its own behind the same few calls.

In:    a file and, for the others, its decoded pictures. Out: the lines of each picture, with their corners in fractions of it; of this reader the seals too.
This reader gets the file and does everything that a worker does with one (decoding, seals, turning, cells, codes); the others get the decoded picture.
Fails: EngineFailed, when a process dies or its reader raises.
Nothing of a reader is imported before its process opens it: each pays, in time and memory, for itself alone.
"""

from __future__ import annotations

import csv
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from pkgutil import resolve_name
from selectors import EVENT_READ, DefaultSelector
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from models.errors import IntakeError

if TYPE_CHECKING:
    from extractors.ocr.engine import Engine
    from extractors.ocr.recognition import Reading
    from models.geometry import Box
    from models.page import Line, Page, Seal

Picture = npt.NDArray[np.uint8]
Corners = tuple[float, ...]  # x and y of four corners from the top left on, clockwise, in fractions of the picture
T = TypeVar("T")
_NEAR = 1.0  # of a line's height: Tesseract's words no further apart stand together


class EngineFailed(IntakeError):
    """A reader that is measured died, or raised over a page."""


class Scanned(NamedTuple):
    """A file to read. sizes: width and height of its pages' pictures, in pixels; pictures: these (RGB), for readers that take them."""

    name: str
    data: bytes
    sizes: tuple[tuple[int, int], ...]
    pictures: tuple[Picture, ...] = ()


class Outline(NamedTuple):
    """A line as read."""

    text: str
    corners: Corners


class Stamp(NamedTuple):
    """A seal as this reader gives it, and where."""

    seal: Seal
    corners: Corners


class PageRead(NamedTuple):
    """What was read of one picture."""

    lines: tuple[Outline, ...]
    seals: tuple[Stamp, ...] = ()


class Loaded(NamedTuple):
    """What opening a reader took, in seconds: its imports, and its models."""

    importing: float
    loading: float


class Answer(NamedTuple):
    """Pages of a file and the seconds they took; inside: those within the engine's own calls, where it can be told. peak_mb: the process's resident memory."""

    pages: tuple[PageRead, ...]
    seconds: float
    inside: float
    peak_mb: float


class Peer(Protocol):
    """A reader, opened."""

    @property
    def inside(self) -> float:
        """Seconds spent so far within the engine's own calls; 0 where that can't be told."""
        ...

    def prepared(self, file: Scanned) -> Any:
        """The file as this reader takes it; not timed."""
        ...

    def read(self, prepared: Any) -> Any:
        """Read it; timed."""
        ...

    def pages(self, file: Scanned, result: Any) -> tuple[PageRead, ...]:
        """What was read, in our terms; not timed."""
        ...


# ---------------------------------------------------------------- this reader


class _Clock:
    """An engine that notes the seconds spent in it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.seconds = 0.0

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def version(self) -> str:
        return self._engine.version

    def find(self, image: Picture) -> npt.NDArray[np.float32]:
        return self._noted(lambda: self._engine.find(image))

    def recognise(self, crops: Sequence[Picture], *, careful: bool = False) -> list[Reading]:
        return self._noted(lambda: self._engine.recognise(crops, careful=careful))

    def read(self, images: Sequence[Picture]) -> list[list[Line]]:
        return self._noted(lambda: self._engine.read(images))

    def _noted(self, call: Callable[[], T]) -> T:
        started = time.perf_counter()
        try:
            return call()
        finally:
            self.seconds += time.perf_counter() - started


class _Own:
    """This reader as a worker has it, without a cache."""

    def __init__(self, threads: int) -> None:
        from extractors.ocr.engine import build
        from extractors.reading import Reader
        from pipeline.settings import Settings

        settings = Settings.read().reader
        ocr = settings.ocr.model_copy(update={"threads": threads})
        engine = build(ocr)
        blank = np.full((960, 672, 3), 255, np.uint8)
        engine.find(blank)  # networks are loaded by the first page that needs them, which is no part of reading it
        engine.recognise([blank[:48, :320]])
        engine.recognise([blank[:48, :320]], careful=True)
        self._clock = _Clock(engine)
        self._reader = Reader(settings.model_copy(update={"ocr": ocr}), None, self._clock)

    @property
    def inside(self) -> float:
        return self._clock.seconds

    def prepared(self, file: Scanned) -> Scanned:
        return file

    def read(self, prepared: Scanned) -> tuple[Page, ...]:
        from extractors.files import source_file

        return self._reader.read(source_file(prepared.name, prepared.data))

    def pages(self, file: Scanned, result: tuple[Page, ...]) -> tuple[PageRead, ...]:
        return tuple(_placed(page, *size) for page, size in zip(result, file.sizes, strict=True))


def _placed(page: Page, width: int, height: int) -> PageRead:
    """A page's lines and seals on the picture that it was read from, of width × height pixels."""
    matrix = _to_picture(page, width, height)
    return PageRead(
        tuple(Outline(line.text, _corners(line.box, matrix)) for line in page.lines), tuple(Stamp(seal, _corners(seal.box, matrix)) for seal in page.seals)
    )


def _to_picture(page: Page, width: int, height: int) -> npt.NDArray[np.float64]:
    """From fractions of the upright page to fractions of the picture: the turn undone, then the flattening."""
    import cv2

    from extractors.ocr.crops import sides
    from extractors.pictures.upright import turn_of

    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    corners = np.array(page.corners, np.float32).reshape(4, 2) if page.corners else unit
    along, across = sides((corners * (width, height)).astype(np.float32))
    turn = turn_of(page.turned, page.skew, round(along), round(across))
    turned = np.vstack([turn.matrix, (0.0, 0.0, 1.0)])
    flattened = np.diag([1 / along, 1 / across, 1.0]) @ np.linalg.inv(turned) @ np.diag([turn.width, turn.height, 1.0])
    return np.asarray(cv2.getPerspectiveTransform(unit, corners) @ flattened, np.float64)


def _corners(box: Box, matrix: npt.NDArray[np.float64]) -> Corners:
    points = np.array([(box.x0, box.y0, 1), (box.x1, box.y0, 1), (box.x1, box.y1, 1), (box.x0, box.y1, 1)], np.float64) @ matrix.T
    return tuple(float(v) for v in (points[:, :2] / points[:, 2:]).ravel())


# ---------------------------------------------------------------- the others


def _outlines(texts: Sequence[str], quads: Any, size: tuple[int, int]) -> PageRead:
    """Lines from texts and quadrilaterals in pixels."""
    if not len(texts):
        return PageRead(())
    shares = np.asarray(quads, np.float64).reshape(-1, 4, 2) / size
    return PageRead(tuple(Outline(str(text), tuple(float(v) for v in quad.ravel())) for text, quad in zip(texts, shares, strict=True)))


def _as_bgr(file: Scanned) -> list[Picture]:
    return [np.ascontiguousarray(picture[:, :, ::-1]) for picture in file.pictures]


class _Rapid:
    """RapidOCR's defaults; only the number of threads is set."""

    inside = 0.0  # not told apart

    def __init__(self, threads: int) -> None:
        from rapidocr import RapidOCR

        self._ocr = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": threads, "Global.log_level": "error"})

    def prepared(self, file: Scanned) -> list[Picture]:
        return _as_bgr(file)

    def read(self, prepared: list[Picture]) -> list[Any]:
        return [self._ocr(picture) for picture in prepared]

    def pages(self, file: Scanned, result: list[Any]) -> tuple[PageRead, ...]:
        return tuple(_outlines(() if one.txts is None else one.txts, one.boxes, size) for one, size in zip(result, file.sizes, strict=True))


class _Paddle:
    """PaddleOCR's own pipeline with its defaults and PP-OCRv6 small; the orientation and unwarping networks, whose weights aren't here, are off."""

    inside = 0.0  # not told apart

    def __init__(self, threads: int) -> None:
        from extractors.ocr.paddle import model_folder
        from extractors.ocr.settings import ModelSize

        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        from paddleocr import PaddleOCR

        with tempfile.TemporaryDirectory(prefix="claim-intake-models-") as where:
            detection, recognition = (model_folder(ModelSize.SMALL, kind, None, Path(where)) for kind in ("det", "rec"))
            self._ocr = PaddleOCR(
                text_detection_model_name=detection[0], text_detection_model_dir=str(detection[1]), text_recognition_model_name=recognition[0],
                text_recognition_model_dir=str(recognition[1]), use_doc_orientation_classify=False, use_doc_unwarping=False, use_textline_orientation=False,
                engine="onnxruntime", engine_config={"intra_op_num_threads": threads}, device="cpu",
            )  # fmt: skip

    def prepared(self, file: Scanned) -> list[Picture]:
        return _as_bgr(file)

    def read(self, prepared: list[Picture]) -> list[Any]:
        return [self._ocr.predict(picture)[0] for picture in prepared]

    def pages(self, file: Scanned, result: list[Any]) -> tuple[PageRead, ...]:
        return tuple(_outlines(one["rec_texts"], one["rec_polys"], size) for one, size in zip(result, file.sizes, strict=True))


class _Tesseract:
    """The program `tesseract` on a PNG; it loads its models anew for each page, so that is part of its time."""

    inside = 0.0  # not told apart

    def __init__(self, threads: int) -> None:
        self._environment = {**os.environ, "OMP_THREAD_LIMIT": str(threads)}
        self._folder = tempfile.TemporaryDirectory(prefix="claim-intake-bench-")

    def prepared(self, file: Scanned) -> list[Path]:
        from PIL import Image

        paths = []
        for number, picture in enumerate(file.pictures):
            path = Path(self._folder.name) / f"{number}.png"
            Image.fromarray(picture).save(path, compress_level=1)
            paths.append(path)
        return paths

    def read(self, prepared: list[Path]) -> list[str]:
        command = ["tesseract", "{}", "-", "-l", "chi_sim+eng", "tsv"]
        return [
            subprocess.run([part.format(path) for part in command], capture_output=True, text=True, check=True, env=self._environment).stdout  # noqa: S603  # nosec B603
            for path in prepared
        ]

    def pages(self, file: Scanned, result: list[str]) -> tuple[PageRead, ...]:
        return tuple(self._words(table, size) for table, size in zip(result, file.sizes, strict=True))

    @staticmethod
    def _words(table: str, size: tuple[int, int]) -> PageRead:
        """Words of a line that stand close together as one: it boxes single characters, and these too tightly to say where they stand."""
        runs: list[tuple[tuple[str, ...], list[str], list[int]]] = []  # line, texts, box
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] != "5" or not row["text"].strip():
                continue
            line = (row["block_num"], row["par_num"], row["line_num"])
            x0, y0 = int(row["left"]), int(row["top"])
            x1, y1 = x0 + int(row["width"]), y0 + int(row["height"])
            if runs and runs[-1][0] == line and x0 - runs[-1][2][2] < _NEAR * max(y1 - y0, runs[-1][2][3] - runs[-1][2][1]):
                box = runs[-1][2]
                runs[-1][1].append(row["text"])
                box[:] = min(box[0], x0), min(box[1], y0), max(box[2], x1), max(box[3], y1)
            else:
                runs.append((line, [row["text"]], [x0, y0, x1, y1]))
        return _outlines(["".join(texts) for _, texts, _ in runs], [((a, b), (c, b), (c, d), (a, d)) for _, _, (a, b, c, d) in runs], size)


class Kind(NamedTuple):
    """A reader that can be measured.

    distribution: whose version is told; modules: what is imported first, and timed apart; program: that must be on the PATH; how: to install it.
    pictures: it takes decoded pictures, not the file. alone: one process has all the threads; else each thread is a process of its own, as in `intake run`.
    """

    label: str
    open: Callable[[int], Peer]
    distribution: str = ""
    modules: tuple[str, ...] = ()
    program: str = ""
    how: str = ""
    pictures: bool = True
    alone: bool = True

    @property
    def there(self) -> bool:
        if self.program:
            return shutil.which(self.program) is not None
        return find_spec(self.modules[0].split(":")[0]) is not None

    @property
    def version(self) -> str:
        """Of the program or distribution; "" where it can't be told."""
        if self.program:
            said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  # nosec B603
            return (said.stdout or said.stderr).split("\n", 1)[0].split()[-1]
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            return ""


OWN, CREW = "intake", "run"
_MODULES = ("extractors.reading", "pipeline.settings", "openvino")
KINDS: Mapping[str, Kind] = {
    OWN: Kind("本系统", _Own, "claim-intake", _MODULES, pictures=False),
    CREW: Kind("本系统（每核一进程）", _Own, "claim-intake", _MODULES, pictures=False, alone=False),
    "rapidocr": Kind("RapidOCR", _Rapid, "rapidocr", ("rapidocr:RapidOCR",), how="uv sync --group bench"),
    "paddleocr": Kind("PaddleOCR", _Paddle, "paddleocr", ("paddleocr:PaddleOCR",), how="uv sync"),
    "tesseract": Kind("Tesseract", _Tesseract, program="tesseract", how="apt-get install tesseract-ocr tesseract-ocr-chi-sim"),
}


# ---------------------------------------------------------------- processes


def serve(name: str, threads: str, core: str, descriptor: str) -> None:
    """What a reader's process does: open the reader on `threads` cores from `core` on, then answer file after file until it is told to stop."""
    connection = Connection(int(descriptor))
    try:
        if hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, cores[int(core) : int(core) + int(threads)] or cores)
        kind = KINDS[name]
        started = time.perf_counter()
        for module in kind.modules:
            if find_spec(module.split(":")[0]) is not None:
                resolve_name(module)
        imported = time.perf_counter()
        peer = kind.open(int(threads))
        connection.send(Loaded(imported - started, time.perf_counter() - imported))
        while (file := connection.recv()) is not None:
            connection.send(_answer(peer, file))
    except EOFError:
        return
    except Exception:  # the other end reports it
        connection.send(traceback.format_exc())


def _answer(peer: Peer, file: Scanned) -> Answer:
    prepared = peer.prepared(file)
    inside, started = peer.inside, time.perf_counter()
    result = peer.read(prepared)
    seconds = time.perf_counter() - started
    return Answer(peer.pages(file, result), seconds, peer.inside - inside, _peak_mb())


def _peak_mb() -> float:
    """The most memory that this process, or a program that it ran, has had resident, in MB."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    try:  # ru_maxrss of this process would tell of the one that started it
        own = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM")) / 1000
    except (OSError, StopIteration):
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return max(own, programs)


class Process:
    """A reader in a process of its own; a context manager. It idles but when asked."""

    def __init__(self, name: str, threads: int, core: int = 0) -> None:
        self.name, self.kind = name, KINDS[name]
        self._connection, theirs = Pipe()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  it is read when the process dies
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
        start = "import sys; from flows.peers import serve; serve(*sys.argv[1:])"
        self._process = subprocess.Popen(  # noqa: S603  # nosec B603
            [sys.executable, "-c", start, name, str(threads), str(core), str(theirs.fileno())],
            pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said, env=environment,
        )  # fmt: skip
        theirs.close()
        self.loaded: Loaded = self._received("loading its models")

    def __enter__(self) -> Process:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()  # the process sees the end of its input
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()

    def read(self, file: Scanned) -> Answer:
        """One file. Raises EngineFailed."""
        self.ask(file)
        return self.answer(file)

    def ask(self, file: Scanned) -> None:
        """Hand over a file; `answer` waits for what comes of it."""
        self._connection.send(file if self.kind.pictures else file._replace(pictures=()))

    def answer(self, file: Scanned) -> Answer:
        answer: Answer = self._received(f"reading {file.name}")
        return answer

    def fileno(self) -> int:
        """So that several can be waited for."""
        return self._connection.fileno()

    def _received(self, doing: str) -> Any:
        try:
            got = self._connection.recv()
        except EOFError:
            self._said.seek(0)
            lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
            raise EngineFailed(f"{self.kind.label} died while {doing}: {lines[-1] if lines else 'it said nothing'}. Leave it out with --engines.") from None
        if isinstance(got, str):
            raise EngineFailed(f"{self.kind.label} failed while {doing}: {got.strip().splitlines()[-1]}. Leave it out with --engines.")
        return got


class Crew:
    """A reader as it is measured: one process with all threads, or a process for each of them; a context manager."""

    def __init__(self, name: str, threads: int) -> None:
        self.name, self.kind = name, KINDS[name]
        with ExitStack() as stack:
            self._processes = [stack.enter_context(Process(name, threads))] if self.kind.alone else [stack.enter_context(Process(name, 1, core)) for core in range(threads)]
            self._stack = stack.pop_all()
        self.loaded = self._processes[0].loaded

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def warm(self, file: Scanned) -> None:
        """Have each process read a file, which doesn't count."""
        for process in self._processes:
            process.read(file)

    def read(self, files: Sequence[Scanned]) -> tuple[list[Answer], float]:
        """What each file says, and the seconds that all took: of one process its reading alone, of several the time until the last was done. Raises EngineFailed."""
        if len(self._processes) == 1:
            answers = [self._processes[0].read(file) for file in files]
            return answers, sum(answer.seconds for answer in answers)
        started = time.perf_counter()
        waiting = list(enumerate(files))[::-1]
        found: dict[int, Answer] = {}
        idle = list(self._processes)
        with DefaultSelector() as busy:
            while len(found) < len(files):
                while waiting and idle:
                    process, (number, file) = idle.pop(), waiting.pop()
                    process.ask(file)
                    busy.register(process, EVENT_READ, (process, number))
                for key, _ in busy.select():
                    process, number = key.data
                    busy.unregister(process)
                    found[number] = process.answer(files[number])
                    idle.append(process)
        return [found[number] for number in range(len(files))], time.perf_counter() - started


__all__ = ["CREW", "KINDS", "OWN", "Answer", "Crew", "EngineFailed", "Loaded", "Outline", "PageRead", "Process", "Scanned", "serve"]
