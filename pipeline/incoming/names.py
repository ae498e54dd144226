"""Names from outside: which may become a path below a folder of ours, and which say that a file is still being written.

In:    a submission's or a file's name, as somebody else's system gives it.  Out: why it is refused, "" where it isn't.
"""

from __future__ import annotations

from extractors.files import readable

PART_BYTES = 255  # of one part of a path: what file systems hold
NAME_BYTES = 1024  # of a whole one: what S3 holds
ID_BYTES = 200  # of a submission's: files of ours are named with it

# browsers, download managers, WinSCP, cloud disks, Office
_HALF_ENDS = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".downloading", ".xltd", ".tmp", ".temp", ".!ut", ".aria2")
_HALF_STARTS = ("~$", ".~", ".~lock.")
UNSAFE_ID = "名称不合要求（过长、含控制字符、以句点开头或会指向别处），请改名"  # of a submission, for people


def half_written(name: str) -> bool:
    """Whether a file's own name says that someone still writes to it."""
    lower = name.lower()
    return lower.endswith(_HALF_ENDS) or lower.startswith(_HALF_STARTS)


def why_unsafe(name: str) -> str:
    """Why a file's name, "/" between its parts, can't be a path below a submission's folder; "" where it can."""
    parts = name.split("/")
    if name.startswith("/"):
        return "the name is absolute"
    if any(part in ("", ".", "..") for part in parts):
        return "the name leads out of the submission's folder, or nowhere"
    if any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" for c in name):
        return "the name holds control characters"
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return "the name isn't text"
    if max(lengths) > PART_BYTES or sum(lengths) + len(parts) > NAME_BYTES:
        return f"the name is longer than {PART_BYTES} bytes"
    return ""


def why_unsafe_id(submission: str) -> str:
    """Why a submission's name can't be a folder of ours; "" where it can."""
    if "/" in submission or submission.startswith("."):
        return "a submission's name may not begin with a full stop or hold a stroke"
    if why := why_unsafe(submission):
        return why
    if readable(submission) != submission:  # a run passes such a folder over
        return "a submission's name holds marks that turn the direction of text"
    return f"a submission's name is longer than {ID_BYTES} bytes" if len(submission.encode()) > ID_BYTES else ""
