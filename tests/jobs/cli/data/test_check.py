"""How a check speaks: to people at a terminal, to editors, to programs, to GitHub."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from jobs.cli.data import check_document, dataset_summary, findings_lines
from jobs.cli.data.annotations import commands
from jobs.cli.data.check_result import CheckResult
from jobs.cli.data.dataset_summary import histogram, size_words
from jobs.cli.data.findings_table import print_findings
from jobs.data.check import check_datasets, check_file
from jobs.data.expected import Expected
from jobs.data.findings import Finding
from tests.jobs.cli.conftest import TUNE_YAML, Project, example
from tests.jobs.specimens import MEASURED, USE_CASE

ROOT = Path(__file__).parents[4]
HUMAN = '{"messages": [{"role": "human", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}\n'
EMPTY = '{"messages": [{"role": "user", "content": "Hi %d"}, {"role": "assistant", "content": ""}]}\n'


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CheckResult:
    """Of 60 good examples, then 15 with an unknown role, then 2 with an empty answer."""
    monkeypatch.chdir(tmp_path)
    path = Path("train.jsonl")
    bad = "".join(HUMAN.replace("Hi", f"Hi {n}") for n in range(15)) + EMPTY % 90 + EMPTY % 91
    path.write_text("".join(example(number) for number in range(60)) + bad)
    report = check_file(path)
    assert {"schema-role", "content-empty"} <= set(report.counts)
    return CheckResult("clippy", Expected(), (report,), (Finding("tune-yaml", "error", "tune.yaml", None, "is odd"),))


def _shown(result: CheckResult, width: int, *, everything: bool = False) -> str:
    out = io.StringIO()
    print_findings(result, Console(file=out, width=width, highlight=False), everything=everything)
    return out.getvalue()


class TestLines:
    def test_each_finding_has_file_line_severity_words_and_rule(self, result: CheckResult) -> None:
        for line in findings_lines.lines(result, everything=True):
            assert re.fullmatch(r"[\w.]+(:\d+)?: (error|warning): .+ \[[a-z-]+\]", line), line

    def test_ten_of_a_rule_are_shown_and_the_others_counted(self, result: CheckResult) -> None:
        of_roles = [line for line in findings_lines.lines(result, everything=False) if "[schema-role]" in line]

        assert len(of_roles) == 11
        assert of_roles[0].startswith("train.jsonl:61: error: ")
        assert of_roles[-1] == "train.jsonl: … and 5 more [schema-role]"

    def test_all_are_shown_where_all_are_asked_for(self, result: CheckResult) -> None:
        lines = list(findings_lines.lines(result, everything=True))

        assert sum("[schema-role]" in line for line in lines) == 15
        assert not any("more" in line for line in lines)

    def test_what_is_wrong_with_tune_yaml_comes_first_and_errors_before_warnings(self, result: CheckResult) -> None:
        lines = list(findings_lines.lines(result, everything=False))
        severities = [match[1] for line in lines if (match := re.search(r": (error|warning): ", line))]

        assert lines[0] == "tune.yaml: error: is odd [tune-yaml]"
        assert severities == sorted(severities)


class TestTable:
    def test_findings_stand_under_their_file_and_rule_with_the_first_lines(self, result: CheckResult) -> None:
        shown = _shown(result, 120)

        assert re.search(r"^train\.jsonl$", shown, re.MULTILINE)
        assert "  error schema-role: unknown role, 15 times\n" in shown
        assert re.findall(r"^    (\d+)  message 1 has the role 'human'", shown, re.MULTILINE) == ["61", "62", "63"]
        assert "… and 12 more; --all shows them" in shown

    def test_the_docs_show_what_a_terminal_shows(self, result: CheckResult) -> None:
        """All but the last line, which depends on where one stands."""
        page = (ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
        sample = page.split("```text\n", 1)[1].split("```", 1)[0].splitlines()[:-1]
        shown = [line.rstrip() for line in _shown(result, 120).splitlines()]

        assert [line for line in sample if line not in shown] == []
        assert len(sample) == 7

    def test_the_page_of_each_rule_is_named(self, result: CheckResult) -> None:
        assert "docs/rules/schema-role.md" in _shown(result, 120).replace("\n", "").replace(" ", "")

    def test_all_are_shown_where_all_are_asked_for(self, result: CheckResult) -> None:
        shown = _shown(result, 120, everything=True)

        assert shown.count("has the role 'human'") == 15
        assert "more" not in shown

    @pytest.mark.parametrize("width", [24, 40, 80])
    def test_a_narrow_terminal_loses_nothing(self, result: CheckResult, width: int) -> None:
        shown = _shown(result, width)

        assert max(len(line) for line in shown.splitlines()) <= width
        words = "".join(shown.split())
        assert "message1hastherole'human';known:system,developer,user,assistant,tool" in words

    def test_what_looks_like_markup_stays_as_it_is(self) -> None:
        odd = Finding("tune-yaml", "error", "a[red].yaml", None, "has [bold]this[/] and [/nothing]")

        shown = _shown(CheckResult("m", Expected(), (), (odd,)), 120)

        assert "a[red].yaml" in shown
        assert "has [bold]this[/] and [/nothing]" in shown


class TestGitHub:
    """GitHub's toolkit escapes % CR LF in messages, : and , in properties too (its packages/core/src/command.ts)."""

    def test_a_finding_becomes_a_command_with_file_line_and_title(self) -> None:
        found = Finding("content-empty", "warning", "models/m/t.jsonl", 7, "has nothing as content")
        result = CheckResult("m", Expected(), (), (found,))

        assert list(commands(result, Path.cwd(), everything=False)) == [
            "::warning file=models/m/t.jsonl,line=7,title=content-empty%3A empty content::has nothing as content"
        ]

    def test_what_would_end_a_property_or_a_message_is_escaped(self) -> None:
        found = Finding("tune-yaml", "error", "a,b:c%.yaml", None, "50 % of\r\nit: one, two")
        result = CheckResult("m", Expected(), (), (found,))

        (command,) = commands(result, Path.cwd(), everything=False)

        assert command.startswith("::error file=a%2Cb%3Ac%25.yaml,title=tune-yaml%3A tune.yaml asks for")
        assert command.endswith("::50 %25 of%0D%0Ait: one, two")

    def test_a_rule_is_told_once_for_a_file_unless_all_are_asked_for(self, result: CheckResult) -> None:
        """GitHub shows ten annotations of a step; a hundred of one rule would hide the others."""
        few = [c for c in commands(result, Path.cwd(), everything=False) if "schema-role" in c]
        every = [c for c in commands(result, Path.cwd(), everything=True) if "schema-role" in c]

        assert len(few) == 1
        assert few[0].endswith("; and 14 more in this file")
        assert len(every) == 15

    def test_files_are_named_as_the_repository_has_them(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "sub").mkdir()
        monkeypatch.chdir(tmp_path / "sub")
        result = CheckResult("m", Expected(), (), (Finding("tune-yaml", "error", "tune.yaml", None, "is odd"),))

        assert "file=sub/tune.yaml," in next(commands(result, tmp_path, everything=False))


class TestJson:
    def test_the_document_has_what_was_found_and_fits_its_published_schema(self, project: Project) -> None:
        path = project.folder / "models/clippy/t.jsonl"
        path.write_text(path.read_text() + HUMAN)
        done = project.jobs("check", "clippy", "--format", "json")
        found = json.loads(done.out)

        jsonschema.validate(found, json.loads(check_document.PATH.read_text()))
        assert done.code == 1
        assert found["schemaVersion"] == 1
        assert found["subject"] == "clippy"
        assert [file["use"] for file in found["files"]] == ["training", "validation"]
        assert found["files"][0]["examples"] == 61
        assert found["files"][0]["size"] == path.stat().st_size
        assert {"rule": "schema-role", "severity": "error", "file": "models/clippy/t.jsonl", "line": 61} in [
            {key: value for key, value in finding.items() if key != "message"} for finding in found["findings"]
        ]
        assert found["summary"]["clean"] is False

    def test_a_files_name_that_is_no_text_is_still_told(self, tmp_path: Path) -> None:
        """Names of files are bytes; here one in Latin-1."""
        path = tmp_path / os.fsdecode(b"caf\xe9.jsonl")
        path.write_text(example(1))
        made = check_document.document(CheckResult(str(path), Expected(), (check_file(path),)))

        assert json.loads(made.model_dump_json())["files"][0]["file"].endswith("/caf\\xe9.jsonl")

    def test_the_schema_in_the_docs_is_that_of_the_program(self) -> None:
        """`python -m jobs.cli.data.check_document` writes it."""
        assert check_document.PATH.read_text(encoding="utf-8") == check_document.schema_text()


class TestSummary:
    def test_a_clean_file_says_what_it_is_and_what_was_checked(self, project: Project) -> None:
        done = project.jobs("check", "clippy")

        assert "training: models/clippy/t.jsonl\n" in done.out
        assert re.search(
            r"^  messages +180, 3\.0 an example: system 60, user 60, assistant 60$", done.out, re.MULTILINE
        )
        assert re.search(r"^  system +the same in every example: 'You are brief\.'$", done.out, re.MULTILINE)
        assert re.search(
            r"^checked for supervised tuning of gpt-4\.1-mini-2025-04-14; .* 65,536 tokens", done.out, re.MULTILINE
        )

    def test_tokens_stand_there_with_their_spread(self, project: Project) -> None:
        """Each example has 3 messages of 3 tokens and their role, 3 for the reply, and its texts (openai-cookbook)."""
        tokens = json.loads(project.jobs("check", "clippy", "--format", "json").out)["files"][0]["tokens"]
        out = project.jobs("check", "clippy").out

        assert f"  tokens     {tokens['total']:,} in all, {tokens['prompt']:,} in prompts and " in out
        assert re.search(r"^ +an example: \d+( [▁▂▃▄▅▆▇█ ]+ \d+)?; half of them up to \d+, ", out, re.MULTILINE)
        assert tokens["prompt"] + tokens["answers"] == tokens["total"]
        assert sum(each["count"] for each in tokens["perExample"]) == 60

    def test_labels_stand_there_with_their_numbers(self, tmp_path: Path) -> None:
        path = tmp_path / "t.jsonl"
        path.write_text("".join(example(n).replace(f"Answer {n}.", "yes" if n % 3 else "no") for n in range(60)))
        result = CheckResult("t", Expected(), (check_file(path),))

        assert "  labels     yes 40, no 20" in dataset_summary.summary_lines(result)

    @pytest.mark.parametrize("width", [30, 60])
    def test_a_narrow_terminal_gets_narrow_lines(self, result: CheckResult, width: int) -> None:
        assert max(len(line) for line in dataset_summary.summary_lines(result, width)) <= width

    def test_lines_alone_come_without_it(self, project: Project) -> None:
        project.tune_yaml(TUNE_YAML.replace(USE_CASE, MEASURED))
        done = project.jobs("check", "clippy", "--format", "lines")

        assert done.out == "clippy: 60 training, 20 validation examples; no errors, no warnings\n"

    def test_differing_system_messages_are_counted(self, tmp_path: Path) -> None:
        path = tmp_path / "t.jsonl"
        path.write_text(example(1) + example(2).replace("You are brief.", "You are long.") + HUMAN)
        result = CheckResult("t", Expected(), (check_file(path),))

        assert "2 different ones, and 1 example without one" in "\n".join(dataset_summary.summary_lines(result))

    @pytest.mark.parametrize(
        ("counts", "blocks"), [([], ""), ([0, 0], "  "), ([1, 0, 1000], "▁ █"), ([1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇█")]
    )
    def test_a_histogram_shows_whatever_is_there(self, counts: list[int], blocks: str) -> None:
        assert histogram(counts) == blocks

    @pytest.mark.parametrize(
        ("size", "words"), [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (512 * 2**20, "512.0 MiB")]
    )
    def test_sizes_are_in_words(self, size: int, words: str) -> None:
        assert size_words(size) == words


class TestOneFile:
    def test_a_file_is_checked_without_a_tune_yaml(self, project: Project) -> None:
        done = project.jobs("check", "--file", "models/clippy/v.jsonl", "--use", "validation", "--format", "lines")

        assert done.code == 0
        assert done.out == "models/clippy/v.jsonl: 20 validation examples; no errors, no warnings\n"

    def test_its_method_is_given(self, project: Project) -> None:
        outputs = {
            f"{name}_output": [{"role": "assistant", "content": name}] for name in ("preferred", "non_preferred")
        }
        pair = {"input": {"messages": [{"role": "user", "content": "Hi"}]}, **outputs}
        (project.folder / "pairs.jsonl").write_text(json.dumps(pair) + "\n")

        assert "[kind-preference]" in project.jobs("check", "--file", "pairs.jsonl").out
        assert "[kind-preference]" not in project.jobs("check", "--file", "pairs.jsonl", "--method", "dpo").out

    @pytest.mark.parametrize(
        "words",
        [(), ("clippy", "--file", "t.jsonl"), ("clippy", "--method", "dpo"), ("clippy", "--base", "x")],
    )
    def test_a_model_or_a_file_but_not_both(self, project: Project, words: tuple[str, ...]) -> None:
        done = project.jobs("check", *words)

        assert done.code == 2
        assert "--file" in done.err

    @pytest.mark.parametrize(
        ("base", "method", "help_"),
        [
            ("gpt-4.1-mini", "supervised", "gpt-4.1-mini-2025-04-14"),
            ("gpt-4.1-mini-2025-04-14", "reinforcement", "o4-mini-2025-04-16"),
            ("babbage-002", "supervised", "gpt-4.1-mini-2025-04-14"),
        ],
    )
    def test_a_base_that_is_not_tuned_so_is_usage_and_not_a_clean_file(
        self, project: Project, base: str, method: str, help_: str
    ) -> None:
        done = project.jobs("check", "--file", "models/clippy/t.jsonl", "--base", base, "--method", method)

        assert (done.code, "no errors" in done.out) == (2, False)
        assert help_ in done.err

    def test_a_base_that_nobody_knows_is_no_fault_but_its_limit_is_not_known(self, project: Project) -> None:
        done = project.jobs("check", "--file", "models/clippy/t.jsonl", "--base", "gpt-9-2030-01-01")

        assert done.code == 0
        assert "how many tokens an example may have is not known" in done.out

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("pairs.jsonl", '{"prompt": "Q%d", "completion": "A%d"}\n'),
            ("alpaca.jsonl", '{"instruction": "Q%d", "output": "A%d"}\n'),
            ("asked.jsonl", '{"question": "Q%d", "answer": "A%d"}\n'),
            ("table.csv", "Q%d,A%d\n"),
        ],
    )
    def test_the_next_command_for_a_file_of_another_form_makes_one_that_passes(
        self, project: Project, name: str, content: str
    ) -> None:
        head = "question,answer\n" if name.endswith(".csv") else ""
        (project.folder / name).write_text(head + "".join(content % (n, n) for n in range(12)))
        (following,) = re.findall("^Next: jobs (.+)$", project.jobs("check", "--file", name).err, re.MULTILINE)

        assert project.jobs(*shlex.split(following)).code == 0
        assert project.jobs("check", "--file", f"{Path(name).stem}.chat.jsonl").code == 0

    def test_one_odd_line_further_down_makes_no_other_form_of_the_file(self, project: Project) -> None:
        """Which convert would have nothing to do with."""
        (project.folder / "set.jsonl").write_text("".join(map(example, range(12))) + "Thanks, all!\n")

        assert "Next: " not in project.jobs("check", "--file", "set.jsonl").err

    def test_a_format_that_is_none_is_usage(self, project: Project) -> None:
        assert project.jobs("check", "clippy", "--format", "xml").code == 2


def test_findings_between_files_are_counted(tmp_path: Path) -> None:
    """They stand in no file's own report."""
    path = tmp_path / "t.jsonl"
    path.write_text("".join(example(number) for number in range(60)))
    report = check_datasets(path, path, None)
    result = CheckResult("m", Expected(), report.reports, report.crossing)

    assert "leak-same-file" in {group.rule.id for group in result.groups}
    assert (result.errors, result.warnings) == (report.errors, report.warnings)


@given(
    st.lists(
        st.binary(max_size=60)
        | st.text(max_size=20).map(lambda text: json.dumps({"messages": [{"role": text, "content": text}]}).encode()),
        max_size=6,
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_can_be_told_in_every_form(tmp_path: Path, lines: list[bytes]) -> None:
    """Each finding on one line, so that nothing in the data can pass for another finding, or for a command."""
    path = tmp_path / "wild.jsonl"
    path.write_bytes(b"\n".join(lines))
    result = CheckResult("wild", Expected(), (check_file(path),))
    said = [*findings_lines.lines(result, everything=True), *dataset_summary.summary_lines(result)]
    said += commands(result, tmp_path, everything=True)

    assert all("\n" not in line and "\r" not in line and "\x1b" not in line for line in said)
    assert json.loads(check_document.document(result).model_dump_json())["summary"]["errors"] == result.errors
    assert _shown(result, 60, everything=True)
