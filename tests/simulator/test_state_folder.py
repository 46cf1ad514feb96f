"""State kept in a folder: it survives, is guarded, and is never lost."""

from __future__ import annotations

import json
import ssl
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from simulator.clock import AS_OF
from simulator.entra import audiences
from simulator.entra.models import TRAINER
from simulator.entra.tokens import access_token, verify
from simulator.errors import Unusable
from simulator.openai.models import Hyperparameters, Job, Plan, Transition
from simulator.server import Simulator

SERVICE = "https://cognitiveservices.azure.com"


def kept(folder: Path) -> Simulator:
    return Simulator(azurite=False, state_dir=folder)


def client(simulator: Simulator) -> httpx2.Client:
    trusting = ssl.create_default_context(cafile=simulator.ca_file)
    return httpx2.Client(base_url=simulator.url, verify=trusting, trust_env=False)


def test_what_was_there_is_there_again(tmp_path: Path) -> None:
    with kept(tmp_path) as first:
        first.cloud.state.arm.deployed_before.add("gpt-4o|2024-08-06")
        first.clock.advance(3600)
    with kept(tmp_path) as second:
        assert second.cloud.state == first.cloud.state
        assert second.clock.now() == AS_OF + timedelta(hours=1)


def test_ports_trust_and_tokens_outlive_a_restart(tmp_path: Path) -> None:
    with kept(tmp_path) as first:
        address, trusted = (first.url, first.blob_url), first.ca_file.read_bytes()
        token = access_token(first.cloud, TRAINER, SERVICE)
    with kept(tmp_path) as second:
        assert (second.url, second.blob_url) == address
        assert second.ca_file.read_bytes() == trusted
        assert verify(second.cloud, f"Bearer {token}", audiences.DATA_PLANE).name == "trainer"


def test_another_port_is_taken_where_the_former_is_not_free(tmp_path: Path) -> None:
    with kept(tmp_path) as first:
        port = int(first.url.rsplit(":", 1)[1])
    with Simulator(azurite=False, port=port), kept(tmp_path) as second:
        assert second.url != first.url
        with client(second) as http:
            assert http.get("/_simulator").status_code == 200


def test_a_change_is_saved_before_its_answer_leaves(tmp_path: Path) -> None:
    with kept(tmp_path) as simulator, client(simulator) as http:
        http.post("/_simulator/clock", json={"advance": 60})
        saved = json.loads((tmp_path / "state.json").read_text())
        assert saved["now"] == "2026-11-20T09:01:00Z"
        assert saved["schemaVersion"] == 2


def test_without_a_folder_the_authoritys_key_is_never_written() -> None:
    with Simulator(azurite=False) as simulator:
        assert not (simulator.home / "tls" / "ca.key").exists()
        assert not (simulator.home / "state.json").exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "can't be read"),
        ("{", "can't be read"),
        ("[]", "schemaVersion None"),
        ('{"schemaVersion": 3}', "schemaVersion 3, not 2"),
        ('{"schemaVersion": 2}', "broken at now"),
        ('{"schemaVersion": 1}', "broken at now"),
        ('{"schemaVersion": 1, "state": 3}', "can't be read"),
        ('{"schemaVersion": 1, "state": {"openai": {"contents": {"00": "!"}}}}', "can't be read"),
        ('{"schemaVersion": 1, "state": {"openai": {"contents": {"00": "YQ=="}}}}', "00 is damaged"),
    ],
)
def test_a_broken_file_is_refused_and_left_as_it_is(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(Unusable, match=complaint):
        kept(tmp_path).__enter__()
    assert file.read_text() == content


def test_a_second_simulator_on_the_folder_is_refused(tmp_path: Path) -> None:
    with kept(tmp_path), pytest.raises(Unusable, match=r"another simulator .* runs on"):
        kept(tmp_path).__enter__()
    with kept(tmp_path):
        pass


def test_the_lock_falls_with_a_killed_process(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, time\n"
        "from simulator.server import Simulator\n"
        "with Simulator(azurite=False, state_dir=pathlib.Path(sys.argv[1])):\n"
        "    print('up', flush=True)\n"
        "    time.sleep(60)\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=root
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "up\n"
        with pytest.raises(Unusable, match=f"process {child.pid}"):
            kept(tmp_path).__enter__()
        child.kill()
        child.wait()
    with kept(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unusable, match="can't keep state in"):
        kept(tmp_path / "file" / "below").__enter__()


def test_the_bytes_of_files_lie_beside_the_state(tmp_path: Path) -> None:
    """By their SHA-256; what nothing refers to any more goes with the saving after."""
    with kept(tmp_path) as first, client(first) as http:
        digest = first.cloud.state.openai.keep(b"a training file")
        first.cloud.state.openai.jobs["ftjob-1"] = job_on(digest)
        http.post("/_simulator/clock", json={"advance": 60})
        assert (tmp_path / "contents" / digest).read_bytes() == b"a training file"
        assert len((tmp_path / "state.json").read_bytes()) < 10_000
    with kept(tmp_path) as second, client(second) as http:
        openai = second.cloud.state.openai
        assert openai.content(digest).read() == b"a training file"
        del openai.jobs["ftjob-1"]
        openai.forget(digest)
        http.post("/_simulator/clock", json={"advance": 60})
        assert list((tmp_path / "contents").iterdir()) == []


def test_a_state_of_version_1_is_read_and_its_bytes_moved_out(tmp_path: Path) -> None:
    """It had them in base64, within state.json."""
    with kept(tmp_path) as first:
        digest = first.cloud.state.openai.keep(b"a training file")
        first.cloud.state.openai.jobs["ftjob-1"] = job_on(digest)
    saved = json.loads((tmp_path / "state.json").read_text())
    saved["schemaVersion"] = 1
    saved["state"]["openai"]["contents"] = {digest: "YSB0cmFpbmluZyBmaWxl"}
    (tmp_path / "contents" / digest).unlink()
    (tmp_path / "state.json").write_text(json.dumps(saved))

    with kept(tmp_path) as second:
        assert second.cloud.state.openai.content(digest).read() == b"a training file"
    assert json.loads((tmp_path / "state.json").read_text())["schemaVersion"] == 2


def test_a_state_without_the_bytes_it_names_is_refused(tmp_path: Path) -> None:
    with kept(tmp_path) as first:
        digest = first.cloud.state.openai.keep(b"a training file")
        first.cloud.state.openai.jobs["ftjob-1"] = job_on(digest)
    (tmp_path / "contents" / digest).unlink()

    with pytest.raises(Unusable, match=f"names the content of a file that .*contents lacks .{digest}"):
        kept(tmp_path).__enter__()


def job_on(digest: str) -> Job:
    """A job of an account that is not there any more a moment later: here only its file matters."""
    return Job(
        id="ftjob-1",
        account="",
        model="",
        base="",
        training_file="",
        training=digest,
        seed=1,
        method="supervised",
        training_type="standard",
        hyperparameters=Hyperparameters(n_epochs=1, batch_size=1, learning_rate_multiplier=1),
        tokens_per_epoch=1,
        plan=Plan(queueing=1, preparing=1, step=1, finishing=1, steps=1, steps_per_epoch=1),
        history=[Transition(at=0, status="pending")],
    )


def test_what_is_kept_is_its_owners_alone(tmp_path: Path) -> None:
    """Secrets of the directory, keys, and what else was uploaded."""
    home = tmp_path / "below" / "azure"
    with kept(home):
        pass

    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    secret = [home / "state.json", home / "signing.key", home / "tls" / "ca.key", home / "tls" / "server.key"]
    assert {file.name: oct(stat.S_IMODE(file.stat().st_mode)) for file in secret} == {
        file.name: "0o600" for file in secret
    }
