"""Uploads to a disk that takes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from openai import InternalServerError, OpenAI

from simulator.disk import Disk
from tests.simulator.openai.conftest import Tenancy, capitals


@pytest.mark.parametrize("disk", ["full", "readOnly"])
def test_a_file_is_uploaded_whole_or_not_at_all(tenancy: Tenancy, client: OpenAI, tmp_path: Path, disk: str) -> None:
    """Nothing of its bytes stays in the folder; the same upload works once the disk takes it."""
    cloud = tenancy.simulator.cloud
    cloud.state.openai.keep_contents_in(tmp_path / "contents", Disk(lambda: cloud.faults.plan.behaviour.disk))
    with cloud.faults.planned({"behaviour": {"disk": disk}}):
        with pytest.raises(InternalServerError) as refused:
            client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
        assert refused.value.status_code == 507
        assert list(client.files.list()) == []
        assert list((tmp_path / "contents").iterdir()) == []

    made = client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune")
    assert [file.id for file in client.files.list()] == [made.id]
    assert client.files.content(made.id).content == capitals()


def test_a_call_that_can_not_be_noted_is_not_answered(tenancy: Tenancy, client: OpenAI) -> None:
    """Without a folder, too: what a completion changes is when the deployment was last asked."""
    deployment = tenancy.deploy("base", "gpt-4.1-mini", "2025-04-14")
    asked = [{"role": "user", "content": "Hi"}]
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"disk": "full"}}):
        with pytest.raises(InternalServerError):
            client.chat.completions.create(model="base", messages=asked)  # type: ignore[arg-type]  # a plain dict
        assert deployment.last_call is None
    assert client.chat.completions.create(model="base", messages=asked).choices  # type: ignore[arg-type]  # the same
