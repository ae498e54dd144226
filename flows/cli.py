"""The command `intake`.

Results go to standard output, everything else to standard error. Exit status: 0 done, 2 called wrongly, 1 the run could not finish.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

# Prefect reads these when it is imported: no telemetry, no chatter. What the operator has set stands.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
os.environ.setdefault("PREFECT_LOGGING_SERVER_LEVEL", "ERROR")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")  # on a busy machine the 20 of its own are too few

from cyclopts import App, CycloptsError, Parameter
from cyclopts.validators import Number
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from models.errors import IntakeError, UsageError, no_room
from models.text import some

app = App(
    name="intake", version=version("claim-intake"), help="Reads claims for premium subsidies, checks them and triages them for review.", version_flags=["--version"],
    suppress_keyboard_interrupt=False)  # `main` says what breaking off means

CORES = os.cpu_count() or 1
MOST_NAMED = 10  # submissions in a line for people
Workers = Annotated[int, Parameter(validator=Number(gte=1, lte=256), help="worker processes; by default one a core")]
Year = Annotated[int, Parameter(validator=Number(gte=2000, lte=2100), help="year in whose January the batch was filed")]


@app.command
def run(
    batch: Annotated[str, Parameter(help="folder that holds one folder a submission, or s3://bucket/prefix")],
    /,
    *,
    out: Annotated[Path, Parameter(help="folder for the results")],
    scheme: Annotated[str, Parameter(help="scheme to check against, e.g. ningbo-2020")],
    year: Year,
    reference: Annotated[Path | None, Parameter(help="folder of reference tables (CSV); by default those in force for the batch")] = None,
    workers: Workers = CORES,
    name: Annotated[str, Parameter(help="name of the batch in the store; by default its folder's")] = "",
    retry_failed: Annotated[bool, Parameter(help="take up again what failed before", negative="")] = False,
    progress: Annotated[Literal["auto", "plain", "json"], Parameter(help="on standard error: a bar in a terminal and plain lines elsewhere, plain lines anywhere, or a line of JSON a submission")] = "auto",
) -> None:
    """Read, check and triage a batch; a second run does only what is new or changed."""
    from flows.plan import plan
    from pipeline.settings import Settings  # brings the readers' libraries, which takes a second: not for commands that read nothing

    settings = Settings.read()
    if batch.startswith("s3://"):
        from flows.incoming import plan_from

        todo = plan_from(batch, reference, out, scheme, year, workers, name, settings, tell=lambda line: print(line, file=sys.stderr))
    else:
        todo = plan(Path(batch), reference, out, scheme, year, workers, name)
    if reference and not any(reference.glob("*.csv")):
        print(f"intake: {reference} holds no tables (catalogue.csv, companies.csv …): what needs them will not be checked.", file=sys.stderr)

    from flows import batch as batches  # Prefect takes seconds to import: not for --help, nor for a wrong call
    from flows.metrics import exposed
    from flows.screen import Bar, summary, triage_table

    with exposed(settings.metrics), Bar(len(todo.submissions), progress) as bar:
        report = batches.run(todo, settings, bar, retry_failed)
    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else 160)
    console.print(triage_table(report))
    console.print(summary(report), soft_wrap=True, highlight=False)
    for label, name in (("待处理事项", "exceptions.xlsx"), ("批次统计", "batch.json"), ("运行报告", "report.txt"), ("每件结果", "<申报编号>/claim.json")):
        console.print(f"{label}：{out / name}", soft_wrap=True, highlight=False)
    back = "用 intake upload 重新上传" if batch.startswith("s3://") else "放回申报文件夹"
    console.print(f"下一步：在 exceptions.xlsx 中逐条处理；补齐或更正材料后{back}，再次运行同一命令，只会重做有变化的申报。", soft_wrap=True, highlight=False)
    if report.failed:
        raise IntakeError(f"{len(report.failed)} submissions could not be processed ({some([d.claim.submission_id for d in report.failed], MOST_NAMED)}); batch.json names the errors. Run the same command with --retry-failed to try them again.")


@app.command
def upload(
    folder: Annotated[Path, Parameter(help="folder that holds one folder a submission")],
    bucket: Annotated[str, Parameter(help="s3://bucket/prefix")],
    /,
    *,
    verify: Annotated[bool, Parameter(help="read back also what an earlier upload has sent", negative="")] = False,
) -> None:
    """Send submissions to a bucket; each counts as there only when all of it is, read back. A second upload sends only what isn't there. The last line is JSON."""
    from flows.upload import upload as send
    from pipeline.settings import Settings

    console = Console(stderr=True)
    with Progress(TextColumn("上传申报"), BarColumn(), MofNCompleteColumn(), console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        done = send(folder, bucket, Settings.read(), lambda sent, of: bar.update(task, completed=sent, total=of), verify)
    for line in done.lines():
        print(line)
    print(json.dumps(done.figures()))
    if done.left:
        raise IntakeError(f"{len(done.left)} submissions could not be sent ({some([one.submission for one in done.left], MOST_NAMED)}). See to them and run the same command again; it sends only these.")


@app.command
def watch(
    source: Annotated[str, Parameter(help="folder that submissions are put into, one folder each, or s3://bucket/prefix")],
    /,
    *,
    reference: Annotated[Path | None, Parameter(help="folder of reference tables (CSV); by default those in force for the batch")] = None,
    out: Annotated[Path, Parameter(help="folder for the results")],
    scheme: Annotated[str, Parameter(help="scheme to check against, e.g. ningbo-2020")],
    year: Year,
    workers: Workers = CORES,
    name: Annotated[str, Parameter(help="name of the batch in the store; by default the source's")] = "",
    once: Annotated[bool, Parameter(help="take in and run what is complete now, and end", negative="")] = False,
    serve: Annotated[bool, Parameter(help="look by schedule as a deployment of the Prefect server at PREFECT_API_URL", negative="")] = False,
    remove_source: Annotated[bool, Parameter(help="remove what is done at its source, as INTAKE_INCOMING__REMOVE_SOURCE=true does", negative="")] = False,
) -> None:
    """Take submissions in as they are complete and keep the results up to date, until stopped. The last line is JSON."""
    from pipeline.settings import Settings

    settings = Settings.read()
    if remove_source:
        settings = settings.model_copy(update={"incoming": settings.incoming.model_copy(update={"remove_source": True})})
    from flows import watch as watching
    from flows.screen import Bar

    asked = watching.Asked(source, reference, out, scheme, year, workers, name)
    if serve:
        from flows.serve import serve as served

        print(f"正在按计划收件：{source}，每次收件见 Prefect 页面  （Ctrl+C 结束）", flush=True)
        served(asked, settings)
        return
    from flows.metrics import exposed

    with exposed(settings.metrics):
        done = watching.watch(asked, settings, lambda line: print(line, flush=True), once, Bar)
    print(json.dumps(done.figures()))


@app.command
def recheck(
    out: Annotated[Path, Parameter(help="folder that intake run wrote its results to")],
    /,
    *,
    reference: Annotated[Path | None, Parameter(help="folder of reference tables (CSV), put in force first; by default those in force")] = None,
    wait: Annotated[bool, Parameter(help="where a run goes on, wait for it to end", negative="")] = False,
    workers: Workers = CORES,
) -> None:
    """Match and check all claims anew from stored readings, without opening a file: after a change of tables or rules."""
    from flows.recheck import recheck as judge
    from pipeline.settings import Settings
    from pipeline.wording import TRIAGE

    result = judge(_finished(out), reference, workers, Settings.read().store, wait)
    for submission, old, new in result.moved:
        print(f"{submission}：{TRIAGE[old]} → {TRIAGE[new]}")
    figures = result.figures()
    if result.beside:
        print(f"intake: only the batch of the last run was judged anew; {', '.join(result.beside)} in this folder stand as they were. Run them again to judge them anew.", file=sys.stderr)
    print(f"复核 {figures['claims']} 件，结果变化 {figures['changed']} 件，每秒 {figures['claims_a_second'] or 0} 件。")
    print(json.dumps(figures))


@app.command
def explain(
    claim: Annotated[Path, Parameter(help="folder of one claim's results: OUT/ID")],
    field: Annotated[str, Parameter(help="a field of the claim (policy_number) or of a paper (insurance_policy.policy_number)")],
    /,
    *,
    json: Annotated[bool, Parameter(help="print JSON, for programs", negative="")] = False,
) -> None:
    """Show each candidate for a field: where it stood, what moved its confidence, why it won or lost, and why nobody need look, or somebody must."""
    from flows.explained import as_json, screen, stored_claim
    from pipeline.explain import explain as told
    from pipeline.settings import Settings

    explanations = told(stored_claim(_finished(claim.parent), claim.name, Settings.read().store), field)
    if json:
        print(as_json(explanations))
        return
    console = Console(width=None if sys.stdout.isatty() else 220)
    for explanation in explanations:
        for part in screen(explanation):
            console.print(part, highlight=False)


@app.command
def budget(
    out: Annotated[Path, Parameter(help="folder that intake run wrote its results to")],
    /,
    *,
    amount: Annotated[Decimal, Parameter(validator=Number(gte=0), help="the year's budget in yuan")],
    reference: Annotated[Path | None, Parameter(help="folder of reference tables (CSV); by default those in force")] = None,
) -> None:
    """Rank the claims for payment as the measure says when money is short; writes budget.xlsx and budget.csv beside the results."""
    from rich.table import Table

    from flows.workspace import Workspace, write_bytes
    from models.scheme import load_scheme
    from pipeline.budget import rank
    from pipeline.reference import load_reference
    from pipeline.settings import Settings
    from pipeline.tables.budget import HEADINGS, as_csv, as_workbook, rows

    workspace = Workspace(_finished(out))
    asked = workspace.last_run()
    records = workspace.records(Settings.read().store, asked)
    tables = load_reference(reference) if reference else records.reference_read()[1]
    if tables.awards is None:
        print("intake: awards.csv was not given: every applicant counts as new.", file=sys.stderr)
    claims = [known.claim for known in records.known(asked.submissions)]
    places = rank(claims, tables, load_scheme(asked.scheme), asked.year, amount)
    write_bytes(out / "budget.csv", as_csv(places))
    write_bytes(out / "budget.xlsx", as_workbook(places))
    table = Table(title="资金拨付顺序", title_justify="left")
    shown = [0, 1, 3, 7, 8, 9, 10]
    for column in shown:
        table.add_column(HEADINGS[column][0], overflow="fold", justify="right" if column in (7, 8, 9) else "left")
    for row in rows(places):
        table.add_row(*(row[column] for column in shown))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    print(f"完整表格：{out / 'budget.xlsx'}，{out / 'budget.csv'}")
    ranked = [place for place in places if place.place]
    print(json.dumps({
        "claims": len(places), "ranked": len(ranked), "barred": len(places) - len(ranked), "new": sum(place.new for place in ranked),
        "payable": str(sum(place.payable for place in ranked)), "paid": str(sum(place.paid for place in ranked)), "amount": str(amount),
        "short": sum(place.paid < place.payable for place in ranked)}))


@app.command
def review(
    out: Annotated[Path, Parameter(help="folder that intake run wrote its results to; with --new any folder")],
    /,
    *,
    host: Annotated[str, Parameter(help="address to listen at")] = "127.0.0.1",
    port: Annotated[int, Parameter(validator=Number(gte=1, lte=65535), help="port to listen at")] = 8765,
    create_user: Annotated[str, Parameter(help="make this user, asking for a password, and end")] = "",
    role: Annotated[str, Parameter(help="of the new user: operator, reviewer, lead, auditor, analyst, admin")] = "reviewer",
    full_name: Annotated[str, Parameter(help="of the new user, as colleagues see it")] = "",
    new: Annotated[bool, Parameter(help="begin with an empty folder: batches are made and uploaded on the page", negative="")] = False,
) -> None:
    """Serve the page on which batches are uploaded, and reviewers look at their claims, correct, decide and write letters."""
    from flows import review as site
    from flows.workspace import Workspace
    from pipeline.settings import Settings

    settings = Settings.read()
    if new:
        Workspace(out)
    site.open_site(_workspace(out), settings)
    if create_user:
        site.create_user(create_user, role, full_name)
        print(f"已新增用户 {create_user}（{role}）。")
        return
    if not settings.review.oidc.on and not site.someone_there():
        if not sys.stdin.isatty():
            raise UsageError(f"Nobody can log in yet. Make the first user with: intake review {out} --create-user NAME --role admin")
        print("还没有用户。请新增第一位用户（管理员）。")
        site.create_user(input("登录名：").strip(), "admin")
    print(f"审核页面：http://{host}:{port}/  （Ctrl+C 结束）")
    site.serve(host, port, out, settings)


audit_app = App(name="audit", help="The log of who saw, changed and decided what.")
app.command(audit_app)


@audit_app.command
def verify(out: Annotated[Path, Parameter(help="folder that the page is served from")], /) -> None:
    """Check that no line of the log was changed, taken out, swapped or cut off."""
    from flows import review as site
    from pipeline.settings import Settings

    site.open_site(_workspace(out), Settings.read())
    from pipeline.review.web import audit
    from pipeline.review.web.models import AuditEvent

    damage = audit.verify()
    lines = AuditEvent.objects.count()
    print(json.dumps({"lines": lines, "whole": damage is None, **({"first_damage": damage.number, "what": damage.what} if damage else {})}, ensure_ascii=False))
    if damage:
        raise IntakeError(f"The log isn't what was written: line {damage.number}, {damage.what}. Keep the database as it is and compare it with a backup.")


@app.command
def status(
    where: Annotated[str, Parameter(help="folder that intake run writes its results to, or postgresql://… for all batches of a database")],
    /,
    *,
    json: Annotated[bool, Parameter(help="figures alone, a line a batch", negative="")] = False,
) -> None:
    """Tell where batches stand, that of the last run first: submissions by state, pages, speed, time left, what failed and which files are dead."""
    from json import dumps

    from flows.screen import status_tables
    from flows.workspace import Workspace
    from pipeline.settings import Settings

    settings = Settings.read().store
    if where.startswith(("postgresql://", "postgres://")):
        from pipeline.store.setup import open_store

        open_store(settings.model_copy(update={"database": SecretStr(where)}), Path())
        from pipeline.store.models import Batch

        batches = list(Batch.objects.order_by("-created"))
    else:
        workspace = Workspace(_finished(Path(where)))
        records = workspace.records(settings, workspace.last_run())
        batches = [records.batch, *records.beside()]
    from pipeline.store.progress import progress  # Django must be set up before

    console = Console(width=None if sys.stdout.isatty() else 160)
    for found in map(progress, batches):
        if json:
            print(dumps(found.figures(), ensure_ascii=False))
        else:
            for table in status_tables(found):
                console.print(table)


@app.command
def doctor(out: Annotated[Path, Parameter(help="folder that intake run wrote its results to")], /) -> None:
    """Prove that nothing is lost or damaged: originals, claims, pages, results; mend what can be mended safely. Exit status 1 where something can't.

    Where INTAKE_REVIEW__PUBLIC_URL is set, also that people can log in there.
    """
    from flows.workspace import Workspace
    from pipeline.settings import Settings

    settings = Settings.read()
    workspace = Workspace(_finished(out))
    if settings.review.public_url:
        from flows.review import open_site

        open_site(out, settings)
    workspace.records(settings.store, workspace.last_run())
    from flows.doctor import examine_run  # Django must be set up before

    found = list(examine_run(workspace, settings.store))
    if settings.review.public_url:
        from flows.login_check import prove_login

        found += prove_login(settings.review)
    for finding in found:
        print(f"{finding.kind}: {finding.what}" + ("（已修复）" if finding.mended else ""))
    left = sum(not finding.mended for finding in found)
    print(json.dumps({"findings": len(found), "mended": len(found) - left, "left": left}))
    if left:
        raise IntakeError(f"{left} things are wrong that can't be mended here. Put missing or damaged papers back from where they came and run the batch again, and a damaged database from a backup; of the page the lines above say what to do.")


@app.command
def calibrate(
    outs: Annotated[tuple[Path, ...], Parameter(help="folders that intake run wrote its results to")],
    /,
    *,
    truth: Annotated[tuple[Path, ...], Parameter(help="for each of them its truth: a folder of ID.json, or of corrected ID/claim.json", consume_multiple=True, negative="")],
    out: Annotated[Path, Parameter(help="file for the fit; the plot is written beside it as .png")] = Path("calibration.json"),
) -> None:
    """Fit confidence on runs whose truth is known; INTAKE_CONFIDENCE__CALIBRATION=FILE then uses the fit."""
    if not outs or len(outs) != len(truth):
        raise UsageError(f"{len(outs)} output folders and {len(truth)} of truth were named. Name one folder of truth for each: intake calibrate OUT1 OUT2 --truth TRUTH1 TRUTH2.")
    from flows.calibrate import calibrate as fitted
    from flows.calibrate import table_of
    from pipeline.settings import Settings

    settings = Settings.read()
    allowed = settings.confidence.allowed
    measured = fitted([(_finished(one), its) for one, its in zip(outs, truth, strict=True)], out, allowed, settings.store)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table_of(measured))
    print(f"校准结果：{out}\n校准图：{out.with_suffix('.png')}")
    if not measured.fitted.calibration.limit(allowed):
        print(f"intake: too few values to vouch for {100 * allowed:g} % silent errors: with this fit nothing is accepted. Add runs whose truth is known, "
            f"or set INTAKE_CONFIDENCE__SILENT_ERRORS to {100 * measured.fitted.calibration.least() + 0.005:.2f} or more.", file=sys.stderr)
    print(json.dumps(measured.figures(allowed)))


@app.command(name="rules")
def show_rules(*, scheme: Annotated[str, Parameter(help="scheme, e.g. ningbo-2020")] = "ningbo-2020") -> None:
    """List the rules: code, tracks, severity, clause, what each needs, and whether it looks at one claim or at the whole batch."""
    from rich.table import Table

    from models.scheme import load_scheme
    from pipeline.rules.listing import lines
    from pipeline.wording import SEVERITY, TRACK

    listed = list(lines(load_scheme(scheme)))
    table = Table("code", "tracks", "severity", "clause", "needs", "asks for", "reference", "looks at")
    for line in listed:
        table.add_row(
            line.code, "、".join(TRACK[t] for t in line.tracks), f"{line.severity} {SEVERITY[line.severity]}", line.clause, ", ".join(line.needs), ", ".join(line.asks), ", ".join(line.reference),
            "batch" if line.across else "claim")
    Console(width=None if sys.stdout.isatty() else 220).print(table)
    codes = {line.code for line in listed}
    print(json.dumps({"scheme": scheme, "codes": len(codes), "lines": len(listed), "batch": len({line.code for line in listed if line.across})}))


def _workspace(out: Path) -> Path:
    """The folder, if a run or the page was at work there."""
    if not (out / ".work").is_dir():
        raise UsageError(f"{out} holds no run's results. Name the folder that intake run wrote them to, or begin an empty one with intake review --new.")
    return out


def _finished(out: Path) -> Path:
    """The folder, if a run left its work there; a Workspace would make one."""
    if not (out / ".work" / "run.json").exists():
        raise UsageError(f"{out} holds no finished run. Name the folder that intake run wrote its results to.")
    return out


@app.command
def sample(
    *,
    submissions: Annotated[int, Parameter(validator=Number(gte=1, lte=100_000), help="how many submissions to invent")],
    seed: Annotated[int, Parameter(help="the same seed gives the same batch")],
    out: Annotated[Path, Parameter(help="folder to write batch/, reference/ and truth/ to")],
    family: Annotated[Literal["plain", "held", "fresh", "novel", "remote", "common", "late", "apart", "desk", "hall", "port", "mill", "yard", "gate", "quay", "kiln", "dock"], Parameter(help="whose layouts: plain are those drawn first; held, fresh, novel, remote, common, late, apart, desk, hall, port, mill, yard, gate, quay, kiln and dock are of other insurers, banks and laboratories, not looked at while rules are written, kept for scoring")] = "plain",
    scans: Annotated[float, Parameter(validator=Number(gte=0, lte=1), help="share of the submissions that are scanned; 0 makes born-digital PDFs alone, thousands in minutes")] = 1.0,
    workers: Workers = CORES,
) -> None:
    """Make an invented, scanned-looking batch with reference data and truth."""
    from pipeline.samples import write_batch

    with Progress(TextColumn("制作样例"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=submissions)
        write_batch(out, submissions, seed, family=family, scans=scans, workers=min(workers, submissions), progress=lambda done, of: bar.update(task, completed=done, total=of))
    print(f"批次：{out / 'batch'}\n参考数据：{out / 'reference'}\n标准答案：{out / 'truth'}")


@app.command
def bench(
    *,
    stamps: Annotated[bool, Parameter(help="measure print and seals where stamps stand, instead of speed", negative="")] = False,
    sets: Annotated[tuple[str, ...], Parameter(help="sets of made-up pages: clean, poor", consume_multiple=True, negative="")] = ("clean", "poor"),
    pages: Annotated[Path | None, Parameter(help="folder of scans to read instead of made-up ones")] = None,
    count: Annotated[int | None, Parameter(validator=Number(gte=1, lte=1000), help="pages a set (24), or a condition of --stamps (6)")] = None,
    engines: Annotated[tuple[str, ...], Parameter(help="readers to measure, by default all there are: intake, run (it, a process a core), rapidocr, paddleocr, tesseract", consume_multiple=True, negative="")] = (),
    threads: Annotated[int, Parameter(validator=Number(gte=1, lte=256), help="processor threads of every reader; by default one a core")] = CORES,
    seed: Annotated[int, Parameter(help="the same seed gives the same pages")] = 1,
    json: Annotated[Path | None, Parameter(help="file to write all figures to, too")] = None,
    errors: Annotated[Path | None, Parameter(help="file to write every misread row to (tab-separated)")] = None,
) -> None:
    """Measure this reader beside others, in turn on the same scanned pages; the last line is JSON."""
    from flows import bench as benches
    from flows.bench_tables import absent, tables

    asked = engines or (benches.STAMP_ENGINES if stamps else benches.SPEED_ENGINES)
    with Progress(TextColumn("评测"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(read: int, of: int) -> None:
            bar.update(task, completed=read, total=of)

        if stamps:
            done = benches.measure_stamps(count or benches.STAMP_PAGES, asked, threads, seed, progress)
        else:
            done = benches.measure_speed(benches.sets_of(sets, pages, count or benches.SPEED_PAGES, seed), asked, threads, seed, progress)
    for line in absent(done):
        print(line)
    console = Console(width=None if sys.stdout.isatty() else 160)
    for table in tables(done):
        console.print(table)
    if errors is not None:
        errors.write_text(done.misread_rows(), encoding="utf-8")
    figures = done.json()
    if json is not None:
        json.write_text(figures + "\n", encoding="utf-8")
    print(figures)


@app.command
def learn(
    source: Annotated[Path, Parameter(help="file of corrections (JSON lines), or the folder that intake run wrote its results to, with --truth")],
    /,
    *,
    truth: Annotated[Path | None, Parameter(help="folder of true values, ID.json; for a run's folder")] = None,
    out: Annotated[Path | None, Parameter(help="folder of the run that was corrected; for a file of corrections")] = None,
    batch: Annotated[Path | None, Parameter(help="the batch's folder; by default where it was when it was run")] = None,
    models: Annotated[Path | None, Parameter(help="folder for the models; by default INTAKE_EXTRACTION__LEARNED")] = None,
    held: Annotated[float, Parameter(validator=Number(gte=0.05, lte=0.4), help="share of the submissions to measure on")] = 0.2,
    rounds: Annotated[int, Parameter(validator=Number(gte=1, lte=200), help="how often each paper is gone through")] = 15,
    seed: Annotated[int, Parameter(help="the same seed gives the same split and the same model")] = 0,
    dry_run: Annotated[bool, Parameter(help="measure only; write nothing", negative="")] = False,
) -> None:
    """Learn names in running text from corrected papers; what was learned is used only where it beats what is used now. The last line is JSON."""
    from flows import learn as learning
    from flows.learn_tables import tables, verdict
    from pipeline.settings import Settings

    settings = Settings.read()
    folder = models or settings.extraction.learned
    if folder is None:
        raise UsageError("Name a folder for the models with --models, or set INTAKE_EXTRACTION__LEARNED.")
    if (truth is None) == (out is None):
        raise UsageError("Name a run's folder and its --truth, or a file of corrections and the run's folder with --out.")
    told = learning.from_truth(source, truth, batch, settings) if truth is not None else learning.from_corrections(source, out or source, batch, settings)
    with Progress(TextColumn("学习"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=rounds)
        done = learning.learn(told, folder, seed, rounds, held, dry_run, lambda round_, loss: bar.update(task, completed=round_))
    console = Console(width=None if sys.stdout.isatty() else 160)
    for table in tables(done):
        console.print(table)
    print(verdict(done, folder))
    print(json.dumps(done.figures()))


@app.command(name="settings")
def show_settings() -> None:
    """List all settings: environment name, value now, bounds, what it does."""
    from rich.table import Table

    from pipeline.settings import Settings, describe

    table = Table("name", "value", "bounds", "what it does", show_lines=False)
    for row in describe(Settings.read()):
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and end the process with its exit status; no error reaches people as a traceback."""
    from flows.logs import to_stderr

    to_stderr()
    signal.signal(signal.SIGTERM, _break_off)
    signal.signal(signal.SIGINT, _break_off)  # also where it was ignored, as in a shell's background
    try:
        app(arguments, exit_on_error=False, print_error=False, result_action="return_none")
    except CycloptsError as error:
        text = " ".join(str(error).split())
        _end(f"{text} See intake --help.", 2)
    except IntakeError as error:
        _end(str(error), error.exit_code)
    except BrokenPipeError:  # whoever read what we say has heard enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        _end(_advice(error), 1)
    except Exception as error:  # Django isn't imported for what needs no store
        if (database := sys.modules.get("django.db")) is None or not isinstance(error, database.DatabaseError):
            raise
        _end(f"The database can't be used ({error}). Look at it with intake doctor OUT, and where it is damaged put it back from a backup.", 1)
    except KeyboardInterrupt:
        _end("Broken off; the same command goes on from here.", 1)


def _advice(error: OSError) -> str:
    """What people are told where the system refuses something."""
    told = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    if isinstance(error, PermissionError):
        return f"{told}. Give the user who runs this the right to read and write there, or name another folder."
    if no_room(error):
        return f"{told}. The disk is full (磁盘空间不足); make room and run the same command again."
    return f"{told}. Check that the disk or share is there and sound, and run the same command again."


def _break_off(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _end(message: str, status: int) -> None:
    print(f"intake: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
