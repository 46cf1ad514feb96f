"""Secrets and personal data: what is found, what is left alone, and that no value is ever shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.data.privacy.sensitive import faults, marked_lines, masked
from jobs.data.rules import RULES

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
RUN = ALPHABET[7:] + ALPHABET[:50]
"""So made up that no service has it for a key, and as varied as one."""
SECRETS = {
    "AWS": f"AKIA{'ZJ2QW7MB4KD3XH6T'}",
    "storage": f"AccountKey={RUN[:86]}==",
    "bus": f"Endpoint=sb://x;SharedAccessKeyName=n;SharedAccessKey={RUN[:43]}=",
    "SAS": f"https://a.blob.core.windows.net/c?sv=2022-11-02&sr=c&sig={RUN[:20]}%2B{RUN[20:42]}%3D",
    "Azure": f"{RUN[:52]}JQQJ99BKAC{RUN[:14]}ACOG{RUN[:4]}",
    "labelled": f"api-key: {'0a1b2c3d4e5f60718293a4b5c6d7e8f9'}",
    "Entra": f"aB18Q~{RUN[:34]}",
    "OpenAI": f"sk-proj-{RUN[:74]}T3BlbkFJ{RUN[:74]}",
    "Anthropic": f"sk-ant-api03-{RUN[:93]}AA",
    "GitHub": f"ghp_{RUN[:36]}",
    "GitHub fine": f"github_pat_{RUN[:22]}_{RUN[:59]}",
    "GitLab": f"glpat-a_{RUN[:18]}",
    "Slack": f"xoxb-493027165832-7305918264057-{RUN[:24]}",
    "Google": f"AIza{RUN[:35]}",
    "Stripe": f"sk_live_{RUN[:24]}",
    "Hugging Face": f"hf_{RUN[:34]}",
    "JWT": f"eyJ{RUN[:33]}.eyJ{RUN[:40]}.{RUN[:43]}",
    "SQL": "Server=tcp:db1.database.windows.net;Database=x;User ID=sa;Password=Trub9-kel;",
    "AWS, as in a shell": f"AWS_SECRET_ACCESS_KEY='{RUN[:40]}'",
    "AWS, as in JavaScript": f'"secretAccessKey": "{RUN[:40]}"',
    "labelled, as in a shell": "AZURE_OPENAI_API_KEY=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "labelled, as in Python": "os.environ['OPENAI_API_KEY'] = '0a1b2c3d4e5f60718293a4b5c6d7e8f9'",
    "Functions": f"https://f.azurewebsites.net/api/x?code={RUN[:44]}AzFu{RUN[50:56]}==",
    "App Configuration": f"Endpoint=https://a.azconfig.io;Id=abcd;Secret={RUN[:43]}=",
    "Redis": f"c.redis.cache.windows.net:6380,password={RUN[:43]}=,ssl=True",
    "password first": "Password=Trub9-kel;User ID=sa;Server=db1.database.windows.net",
    "bearer": f"Authorization: Bearer {RUN[20:60]}",
    "DigitalOcean": f"dop_v1_{'0a1b2c3d4e5f6071' * 4}",
    "Shopify": "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",
    "Groq": f"gsk_{RUN[:52]}",
    "URL": "postgresql://anna:Trub9-kel@db.firma.de:5432/x",
}
PERSONAL = {
    "Write to anna.meier@gmail.com.": ("personal-email", "a***@gmail.com"),
    "mailto:anna.meier@firma.de": ("personal-email", "a***@firma.de"),
    "Call +49 30 901820.": ("personal-phone", "+49 … 20"),
    "Call (212) 736-5000.": ("personal-phone", "+1 … 00"),
    "Call 212-736-5000.": ("personal-phone", "+1 … 00"),
    "Tel.: 030 90182065": ("personal-phone", "0… 65"),
    "My card is 4539 1488 0343 6475.": ("personal-card", "**** 6475"),
    "It is 371111111111114-free: 376680816376961": ("personal-card", "**** 6961"),
    "IBAN DE02 1203 0000 0000 2020 51 EUR": ("personal-iban", "DE** **** 2051"),
    "my social security number is 536-90-4399": ("personal-ssn", "***-**-****"),
}
HARMLESS = (
    "Write to john@example.com, jane@contoso.com or a@b.invalid.",
    "support@firma.de answers, no-reply@firma.de does not.",
    "@anna and @all; icon@2x.png; lodash@4.17.21; a @ b.T; git@github.com:firma/x.git",
    "Natalia sold 48/2 = <<48/2=24>>24 clips, 500-200-100 = 200 and 300-250-1200 = -1150.",
    "Decimal('+35236450.6'), 100 - 50 - 30 - 15 = 5, 2 + 7003 - 1000 (50) 20, 3.14159265358979323846",
    "Call 555-0100, (212) 555-0123, +1 212 555 0199 or 1-800-275-2273.",
    "+44 7700 900123 stands in films.",
    "On 2024-01-31 12:30:45.123456 order 4539148803436474 of $1,234,567,890.00, ticket 1234567890123456",
    "Test with 4111 1111 1111 1111 or 4242424242424242; IBAN DE89 3704 0044 0532 0130 00.",
    "ISBN 978-3-16-148410-0, 192.168.100.200, 123e4567-e89b-12d3-a456-426614174000, 536-90-4399",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "risk-adjusted task-oriented-approach-for-all-in-2024, sk- begins a key, sk-your-key-goes-here-0123456789abcdef",
    "AKIAIOSFODNN7EXAMPLE and ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "Authorization: Bearer YOUR_ACCESS_TOKEN_GOES_HERE_0123456789abcdef, or Bearer $TOKEN, or a bearer of good news",
    "api_key = d41d8cd9, the secret access key is a string of 40 characters; md5 0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "postgres://user:password@localhost/db and https://user:<token>@host/x; password: swordfish",
    "Numbers: [67, 79, 39, 56] (75 * 3) + (50 * 2) - (8 + 7)",
)


def found(text: str, *, ascii_only: bool = False) -> list[tuple[str, str]]:
    example = {"messages": [{"role": "user", "content": text}]}
    return list(faults(json.dumps(example, ensure_ascii=ascii_only).encode(), example))


@pytest.mark.parametrize("value", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_found_in_a_sentence_and_its_value_is_not_shown(value: str) -> None:
    [(rule, message)] = found(f"Use this:\n{value} (mine)")

    assert rule == "secret-key"
    assert message.startswith("message 1 (user) has ")
    assert RUN[5:15] not in message
    assert "Trub9" not in message
    assert "ZJ2QW7MB" not in message


@pytest.mark.parametrize("value", SECRETS.values(), ids=SECRETS)
def test_of_a_secret_that_is_cut_off_nothing_is_shown_either(value: str) -> None:
    cut = masked(f"Use {value} now")

    for part in (RUN[5:15], "Trub9", "ZJ2QW7MB", "3c4d5e6f"):
        assert part not in cut


def test_a_private_key_is_found() -> None:
    pem = f"-----BEGIN RSA PRIVATE KEY-----\n{RUN[:64]}\n{RUN[:64]}\n-----END RSA PRIVATE KEY-----"

    assert found(pem) == [("secret-private-key", "message 1 (user) has a private key")]
    assert RUN[:10] not in masked(pem)


@pytest.mark.parametrize(("text", "expected"), PERSONAL.items(), ids=PERSONAL)
def test_personal_data_is_found_and_masked(text: str, expected: tuple[str, str]) -> None:
    [(rule, message)] = found(text)

    assert rule == expected[0]
    assert message.endswith(f": {expected[1]}")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_nobodys_or_made_up_or_only_looks_so_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_escapes_of_json_hide_nothing() -> None:
    example = {"messages": [{"role": "user", "content": "anna.meier@gmail.com"}]}
    line = json.dumps(example).replace("@", "\\u0040").encode()

    assert [rule for rule, _ in faults(line, example)] == ["personal-email"]


def test_keys_tools_and_answers_are_searched_and_the_place_is_named() -> None:
    address = "anna.meier@gmail.com"
    example: dict[str, Any] = {
        "input": {"messages": [{"role": "system", "content": [{"type": "text", "text": address}]}], "tools": [address]},
        "preferred_output": [
            {"role": "assistant", "tool_calls": [{"function": {"arguments": json.dumps({"to": address})}}]}
        ],
        address: 1,
    }

    assert [message.split(" has ")[0] for _, message in faults(json.dumps(example).encode(), example)] == [
        "message 1 (system)",
        "input",
        "preferred_output, message 1 (assistant)",
        "a key",
    ]


def test_a_line_that_is_no_json_is_searched_as_it_stands() -> None:
    assert [message for _, message in faults(b'{"content": "anna.meier@gmail.com')] == [
        "the line has an e-mail address: a***@gmail.com"
    ]


def test_an_image_is_not_searched() -> None:
    assert found(f"data:image/png;base64,{SECRETS['AWS']}") == []


@given(
    st.lists(st.one_of(st.sampled_from([*SECRETS.values(), *PERSONAL, *HARMLESS]), st.text(max_size=20)), max_size=6)
)
def test_whatever_stands_around_a_value_no_message_shows_it(texts: list[str]) -> None:
    values = [*SECRETS.values(), "anna.meier", "901820", "736-5000", "90182065", "1488", "0816", "1203", "4399"]
    for rule, message in found(" ".join(texts)):
        assert rule in RULES
        assert not any(value in message for value in values)


@given(st.lists(st.sampled_from([*SECRETS.values(), *PERSONAL, *HARMLESS]), min_size=1, max_size=6), st.booleans())
def test_no_line_is_passed_over_in_which_there_is_something(texts: list[str], ascii_only: bool) -> None:
    """Lines are looked at together, and only marked ones one by one."""
    examples = [{"messages": [{"role": "user", "content": text}]} for text in texts]
    lines = [json.dumps(example, ensure_ascii=ascii_only).encode() for example in examples]
    marked = marked_lines(b"\n".join(lines))

    for number, (line, example) in enumerate(zip(lines, examples, strict=True)):
        assert number in marked or not list(faults(line, example))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30) | st.sampled_from(list(PERSONAL)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["messages", "input", "role", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["messages", "input", "preferred_output", "tools", "x"]), JSON, max_size=4))
def test_any_object_can_be_searched(example: dict[str, Any]) -> None:
    for rule, _ in faults(json.dumps(example, ensure_ascii=False).encode(errors="replace"), example):
        assert rule in RULES


@given(st.binary(max_size=200))
def test_any_bytes_can_be_searched(line: bytes) -> None:
    for rule, _ in faults(line + b" anna.meier@gmail.com"):
        assert rule in RULES
