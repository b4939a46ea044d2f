"""Who holds a lease is dead only where that is certain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from presswatch.owner import dead, new_owner

pytestmark = pytest.mark.skipif(not Path("/proc/self/ns/pid").exists(), reason="there is no /proc here")
PROGRAM = "from presswatch.owner import new_owner; print(new_owner(), flush=True); input()"


def parts(owner: str) -> list[str]:
    return owner.split(":")


def changed(owner: str, **values: str) -> str:
    """The owner with another pid, start or place."""
    names = ["host", "pid", "start", "place", "token"]
    return ":".join(values.get(name, part) for name, part in zip(names, parts(owner), strict=True))


@pytest.fixture
def child() -> subprocess.Popen[str]:
    """Another process, and the owner that it is."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process  # type: ignore[misc]  # pytest takes generators
        process.kill()


def test_a_living_process_is_alive_and_a_killed_one_dead_before_and_after_it_is_buried(
    child: subprocess.Popen[str],
) -> None:
    assert child.stdout is not None
    owner, me = child.stdout.readline().strip(), new_owner()
    assert parts(owner)[1] == str(child.pid)
    assert dead([owner], me=me) == []
    child.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert dead([owner, me], me=me) == [owner], "nobody has asked yet how it ended"
    child.wait()
    assert dead([owner, me], me=me) == [owner]


def test_two_owners_of_one_process_are_two_and_both_alive() -> None:
    one, two = new_owner(), new_owner()
    assert one != two
    assert dead([one, two], me=one) == []
    assert len(one) < 120


def test_a_process_id_that_was_given_out_again_is_no_sign_of_life() -> None:
    me = new_owner()
    before = changed(me, start="1")
    assert dead([before], me=me) == [before]


@pytest.mark.parametrize(
    "place", ["000000000000.4026531836", "000000000000.1", ""], ids=["another boot", "another machine", "none"]
)
def test_of_a_process_elsewhere_nothing_is_known(place: str) -> None:
    me = new_owner()
    assert dead([changed(me, place=place, start="1"), changed(me, place=place, pid="4999999")], me=me) == []


def test_of_a_process_in_another_container_nothing_is_known() -> None:
    me = new_owner()
    boot, namespace = parts(me)[3].split(".")
    peer = changed(me, place=f"{boot}.{int(namespace) + 1}", start="1")
    assert dead([peer], me=me) == []


@pytest.mark.parametrize("owner", ["", "one", "a:b:c", "h:x:1:p:t", "host:1234:abcdef012345", "h:1:2:3:4:5", ":::::"])
def test_of_an_owner_without_identity_nothing_is_known(owner: str) -> None:
    assert dead([owner], me=new_owner()) == []


def test_where_there_is_no_proc_nobody_is_judged(tmp_path: Path) -> None:
    me = new_owner(proc=tmp_path)
    assert len(parts(me)) == 3
    assert me != new_owner(proc=tmp_path)
    assert dead([changed(new_owner(), start="1"), me], me=me, proc=tmp_path) == []


def test_a_proc_of_another_namespace_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to(str(os.getpid() + 1))
    assert len(parts(new_owner(proc=tmp_path))) == 3


def test_a_process_that_proc_hides_is_not_taken_for_dead(tmp_path: Path) -> None:
    """As with the mount option hidepid: what is another user's is not to be seen."""
    own = tmp_path / str(os.getpid())
    (own / "ns").mkdir(parents=True)
    (own / "ns/pid").touch()
    (tmp_path / "self").symlink_to(str(os.getpid()))
    boot = tmp_path / "sys/kernel/random/boot_id"
    boot.parent.mkdir(parents=True)
    boot.write_text("3f2a9c1b-77aa-4c11-8e00-000000000000\n")
    (own / "stat").write_text(f"{os.getpid()} (a) b) (c) S {' '.join('0' * 18)} 777 0\n")
    me = new_owner(proc=tmp_path)
    assert parts(me)[2:4] == ["777", f"3f2a9c1b77aa.{(own / 'ns/pid').stat().st_ino}"]
    hidden, gone = changed(me, pid="1"), changed(me, pid="4999999")
    assert dead([hidden, gone], me=me, proc=tmp_path) == [gone]
