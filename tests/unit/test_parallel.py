"""Work in processes of its own: told, done, failed, killed, interrupted."""

import os
import signal
import threading
import time

import pytest
from pack_cases import SMALL

from rangemap.catalogue.reader import load_catalogue, use_catalogue
from rangemap.errors import ArgumentError, OutputError, UnknownNameError
from rangemap.interrupts import uninterrupted
from rangemap.pack import build
from rangemap.pack.folder import staged
from rangemap.pack.parallel import Task, checked_jobs, run_tasks


def leave_note(path, step):
    """Write down which process this is and what its catalogue holds."""
    step("writing")
    site = load_catalogue().sites.get("my-site")
    path.write_text(f"{os.getpid()} {site.name if site else 'none'}")


def fail(name, step):
    raise UnknownNameError("site", name, ["kapustin-yar"])


def vanish(step):
    os.kill(os.getpid(), signal.SIGKILL)


def work_long(folder, step):
    """Write aside, say so, wait to be interrupted, and take a second to clean up."""
    with staged(folder) as staging:
        (staging / "half").write_text("half")
        step("waiting")
        try:
            time.sleep(60)
        finally:
            with uninterrupted():
                time.sleep(1)


def deaf_once(folder, step):
    """Lose the first interruption, as Python does in a destructor, and hear the second."""
    with staged(folder):
        step("waiting")
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            step("lost")
        time.sleep(60)


def break_down(step):
    raise ValueError("a fault of the program")


def quiet(_task, _text):
    """Hear a step and do nothing."""


def test_tasks_are_shared_out_to_processes_and_tell_their_steps(tmp_path):
    told = []
    tasks = [Task(f"t{n}", leave_note, (tmp_path / str(n),)) for n in range(4)]
    run_tasks(tasks, 2, lambda task, text: told.append((task.name, text)))
    notes = [(tmp_path / str(n)).read_text().split()[0] for n in range(4)]
    assert 1 <= len(set(notes)) <= 2
    assert str(os.getpid()) not in notes
    assert sorted(told) == [(f"t{n}", "writing") for n in range(4)]


def double(number, step):
    return 2 * number


def test_what_is_done_may_bring_more_work():
    results = []

    def done(task, result):
        results.append((task.name, result))
        return [Task("more", double, (result,))] if task.name == "first" else ()

    tasks = [Task("first", double, (1,)), Task("second", double, (5,))]
    run_tasks(tasks, 1, quiet, done)
    assert results == [("first", 2), ("more", 4), ("second", 10)]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no signals to kill with")
def test_a_process_killed_between_two_tasks_is_told_by_the_second():
    def done(task, pid):
        if task.name == "first":
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
        return ()

    tasks = [Task("first", process_number, ()), Task("second", process_number, ())]
    with pytest.raises(OutputError, match=r"the process that built second ended \(signal 9\)"):
        run_tasks(tasks, 1, quiet, done)


def process_number(step):
    return os.getpid()


def test_a_process_works_with_the_catalogue_in_use(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "sites.csv").write_text(
        "id,name,country,lon,lat,precision_km,theatre,coalition,launches,kind,confidence,evidence,"
        "source_keys\n"
        "my-site,Elblag,Poland,19.4,54.16,2,Europe,nato-us,no,hypothetical,low,recalled,MY1\n"
    )
    (own / "sources.csv").write_text(
        "key,title,publisher,date,url,evidence\nMY1,A note,Me,2026,https://example.org/x,recalled\n"
    )
    with use_catalogue(own):
        run_tasks([Task("one", leave_note, (tmp_path / "note",))], 2, quiet)
    assert (tmp_path / "note").read_text().endswith("Elblag")


def test_an_error_comes_back_as_it_was(capfd):
    with pytest.raises(UnknownNameError, match="did you mean 'kapustin-yar'") as raised:
        run_tasks([Task("one", fail, ("kapustinyar",))], 2, quiet)
    assert raised.value.name == "kapustinyar"
    assert capfd.readouterr().err == ""  # the process ended in peace


@pytest.mark.skipif(os.name != "posix", reason="other systems have no signals to kill with")
def test_a_killed_process_is_told_by_its_name():
    with pytest.raises(OutputError, match=r"the process that built gone ended \(signal 9\)"):
        run_tasks([Task("gone", vanish, ())], 2, quiet)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no signals to interrupt with")
@pytest.mark.parametrize("seconds", [(0.1,), (0.1, 0.4)], ids=["once", "twice"])
def test_an_interruption_leaves_nothing_behind(tmp_path, seconds):
    begun = []

    def interrupt(task, text):
        if text == "waiting":
            begun.append(task.name)
            if len(begun) == 2:
                for one in seconds:
                    threading.Timer(one, os.kill, (os.getpid(), signal.SIGINT)).start()

    tasks = [Task(f"t{n}", work_long, (tmp_path,)) for n in range(3)]
    with pytest.raises(KeyboardInterrupt):
        run_tasks(tasks, 2, interrupt)
    assert list(tmp_path.iterdir()) == []


def seconds_to_end(tasks):
    """Let whoever shares out fail when all are at work; return how long the others take."""
    failed, at_work = [], []

    def fail_at_work(task, text):
        at_work.extend([task.name] * (text == "waiting"))
        if len(at_work) == len(tasks):
            failed.append(time.monotonic())
            raise OutputError("the disk is full")

    with pytest.raises(OutputError, match="the disk is full"):
        run_tasks(tasks, 2, fail_at_work)
    return time.monotonic() - failed[0]


def test_a_failure_ends_the_others(tmp_path):
    seconds_to_end([Task("long", work_long, (tmp_path,))])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="other systems have no signals to interrupt with")
def test_whoever_loses_an_interruption_is_interrupted_again(tmp_path):
    assert seconds_to_end([Task("one", deaf_once, (tmp_path,))]) < 15
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="other systems have no signals to interrupt with")
def test_workers_end_where_ctrl_c_is_ignored(tmp_path):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        took = seconds_to_end([Task(f"t{n}", work_long, (tmp_path,)) for n in range(2)])
    finally:
        signal.signal(signal.SIGINT, before)
    assert took < 15
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_the_program_is_told_by_its_name():
    with pytest.raises(OutputError, match="one: ValueError: a fault of the program"):
        run_tasks([Task("one", break_down, ())], 1, quiet)


@pytest.mark.parametrize("jobs", [0, -1, 65, 1.5, True, "2"])
def test_jobs_that_are_no_number_of_processes(jobs, tmp_path):
    with pytest.raises(ArgumentError, match="must be a whole number from 1 to 64"):
        build(SMALL, tmp_path, jobs=jobs)
    assert checked_jobs(64) == 64
