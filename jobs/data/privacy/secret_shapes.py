"""What secrets look like: those that can be told by a fixed beginning or a mark within, not by guessing.

Sources: the makers' documents (GitHub "About authentication", GitLab "Token overview", Slack "Token types", Stripe
"API keys", Hugging Face "User access tokens", AWS "IAM identifiers", Microsoft "Configure Azure Storage connection
strings"), Microsoft's published expression for its annotated keys (security-utilities), and for the keys of Entra ID,
OpenAI, Anthropic, Google, SendGrid, npm, PyPI, DigitalOcean, Shopify and Groq what detect-secrets 1.5 and gitleaks 8
look for. detect-secrets itself is not used: to import one of its detectors takes 0.3 s and brings a client of HTTP
along, and they know neither Entra ID's secrets nor Azure's newer keys, signatures of shares and buses.

A password that is only called one (``password: …``) is not found: people write about passwords.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Shape:
    """One kind of secret.

    mark       stands in every secret of the kind: a cheap test before the expression
    whole      the group ``secret`` is the value that must not be shown; compiled where the mark is met first
    shown      what of it may be shown: it tells the kind, and is the same in all secrets of the kind
    """

    kind: str
    mark: str
    expression: str
    shown: str = ""

    @cached_property
    def whole(self) -> re.Pattern[str]:
        return re.compile(self.expression)


_BEFORE = r"(?<![A-Za-z0-9])"
"""A key is no end of a longer word."""
_IS = r"[\"'\\ )\]]{0,4}[:=][\"'\\ ]{0,4}"
"""Between a name and its value, in YAML, JSON within a text, shells and programs."""
SHAPES = (
    Shape("an AWS access key ID", "AKIA", _BEFORE + r"(?P<secret>AKIA[A-Z2-7]{16})(?![A-Za-z0-9])", "AKIA"),
    Shape("an AWS access key ID", "ASIA", _BEFORE + r"(?P<secret>ASIA[A-Z2-7]{16})(?![A-Za-z0-9])", "ASIA"),
    *(
        Shape(
            "an AWS secret access key",
            mark,
            r"(?i:secret.{0,3}access.{0,3}key)" + _IS + r"(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])",
        )
        for mark in ("ccess", "CCESS")
    ),
    Shape("the key of an Azure Storage account", "AccountKey=", r"AccountKey=(?P<secret>[A-Za-z0-9+/]{40,86}={0,2})"),
    Shape(
        "the key of a Service Bus or Event Hub",
        "SharedAccessKey=",
        r"SharedAccessKey=(?P<secret>[A-Za-z0-9+/]{40,}={0,2})",
    ),
    Shape("a shared access signature", "sig=", r"[?&;](?:amp;)?sig=(?P<secret>[A-Za-z0-9%+/]{40,}={0,2})"),
    Shape(
        "a key of an Azure service",
        "JQQJ9",
        _BEFORE + r"(?P<secret>[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9][A-L][A-Za-z0-9]{16}[A-Za-z][A-Za-z0-9]{7}"
        r"(?:[A-Za-z0-9]{2}==)?)",
    ),
    *(
        Shape(
            "a key of an Azure service",
            mark,
            r"(?i:api[-_ ]?key|subscription[-_ ]?key)" + _IS + r"(?P<secret>[0-9a-f]{32})(?![A-Za-z0-9])",
        )
        for mark in ("ey", "EY")
    ),
    Shape(
        "a key of an Azure function", "AzFu", r"(?<![A-Za-z0-9_-])(?P<secret>[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{6}==)"
    ),
    Shape(
        "a connection string of App Configuration",
        ";Secret=",
        r"Endpoint=https://[^;\s]{1,200};Id=[^;\s]{1,200};Secret=(?P<secret>[A-Za-z0-9+/]{40,}={0,2})",
    ),
    Shape(
        "a connection string with a password",
        ",password=",
        r":\d{2,5},password=(?P<secret>[^\s,;\"'\\]{8,128})",
    ),
    Shape(
        "a client secret of Entra ID",
        "Q~",
        r"(?<![A-Za-z0-9_~.-])(?P<secret>[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34})(?![A-Za-z0-9_~-])",
    ),
    Shape("a token of Azure DevOps", "AZDO", _BEFORE + r"(?P<secret>[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})(?![A-Za-z0-9])"),
    Shape(
        "an OpenAI key",
        "T3BlbkFJ",
        _BEFORE + r"(?P<secret>sk-[A-Za-z0-9_-]{20,180}T3BlbkFJ[A-Za-z0-9_-]{20,180})",
        "sk-",
    ),
    Shape("an Anthropic key", "sk-ant-", _BEFORE + r"(?P<secret>sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{40,})", "sk-ant-"),
    Shape(
        "an API key",
        "sk-",
        _BEFORE + r"(?P<secret>sk-(?=[A-Za-z]*\d)(?![A-Za-z0-9]*T3BlbkFJ)[A-Za-z0-9]{32,})(?![A-Za-z0-9_-])",
        "sk-",
    ),
    *(
        Shape("a GitHub token", mark, _BEFORE + rf"(?P<secret>{mark}[A-Za-z0-9]{{36,}})", mark)
        for mark in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
    ),
    Shape("a GitHub token", "github_pat_", _BEFORE + r"(?P<secret>github_pat_[A-Za-z0-9_]{40,})", "github_pat_"),
    *(
        Shape("a GitLab token", mark, _BEFORE + rf"(?P<secret>{mark}[A-Za-z0-9_-]{{20,}})", mark)
        for mark in ("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-")
    ),
    Shape("a Slack token", "xox", _BEFORE + r"(?P<secret>xox[abeoprs]-(?=[A-Za-z-]*\d)[A-Za-z0-9-]{20,})", "xox"),
    Shape("a Slack token", "xapp-", _BEFORE + r"(?P<secret>xapp-\d-[A-Za-z0-9-]{20,})", "xapp-"),
    Shape(
        "a webhook of Slack",
        "hooks.slack.com",
        r"hooks\.slack\.com/services/(?P<secret>T[A-Za-z0-9_]+/B[A-Za-z0-9_]+/[A-Za-z0-9_]{20,})",
    ),
    Shape("a Google API key", "AIza", _BEFORE + r"(?P<secret>AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])", "AIza"),
    Shape("a client secret of Google", "GOCSPX-", _BEFORE + r"(?P<secret>GOCSPX-[A-Za-z0-9_-]{28})", "GOCSPX-"),
    Shape("a Stripe key", "sk_live_", _BEFORE + r"(?P<secret>sk_live_[A-Za-z0-9]{20,})", "sk_live_"),
    Shape("a Stripe key", "rk_live_", _BEFORE + r"(?P<secret>rk_live_[A-Za-z0-9]{20,})", "rk_live_"),
    Shape("a SendGrid key", "SG.", _BEFORE + r"(?P<secret>SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})", "SG."),
    Shape("an npm token", "npm_", _BEFORE + r"(?P<secret>npm_[A-Za-z0-9]{36})(?![A-Za-z0-9])", "npm_"),
    Shape("a PyPI token", "pypi-AgE", _BEFORE + r"(?P<secret>pypi-AgE[A-Za-z0-9_-]{60,})", "pypi-"),
    Shape("a Hugging Face token", "hf_", _BEFORE + r"(?P<secret>hf_[A-Za-z0-9]{34,})(?![A-Za-z0-9])", "hf_"),
    Shape("a DigitalOcean token", "dop_v1_", _BEFORE + r"(?P<secret>dop_v1_[0-9a-f]{64})(?![A-Za-z0-9])", "dop_v1_"),
    *(
        Shape("a Shopify token", mark, _BEFORE + rf"(?P<secret>{mark}[0-9a-fA-F]{{32}})(?![A-Za-z0-9])", mark)
        for mark in ("shpat_", "shpca_", "shppa_", "shpss_")
    ),
    Shape("a Groq key", "gsk_", _BEFORE + r"(?P<secret>gsk_[A-Za-z0-9]{52})(?![A-Za-z0-9])", "gsk_"),
    Shape(
        "a bearer token",
        "earer ",
        # What has a beginning of its own is found by that; a placeholder has no digits or no capitals.
        r"[Bb]earer (?!eyJ|[A-Za-z]{2,10}[-_])(?=[^\s\"']*\d)(?=[^\s\"']*[a-z])(?=[^\s\"']*[A-Z])"
        r"(?P<secret>[A-Za-z0-9._~+/-]{32,}={0,2})",
    ),
    Shape("a Databricks token", "dapi", _BEFORE + r"(?P<secret>dapi[0-9a-f]{32})(?![A-Za-z0-9])", "dapi"),
    Shape(
        "a signed token (JWT)",
        ".eyJ",
        r"(?<![A-Za-z0-9_-])(?P<secret>eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})",
        "eyJ",
    ),
    *(
        Shape(
            "a connection string with a password",
            mark,
            r"(?i:(?:server|data source|host|user id|uid)\s?=[^;\r\n]{1,200};(?:[^;\r\n]{0,200};){0,10}?"
            r"\s*(?:password|pwd)\s?=)"
            r"\s?(?P<secret>[^;\s\"'\\]{4,128})",
        )
        for mark in ("assword", "ASSWORD", "wd", "PWD")
    ),
    *(
        Shape(
            "a connection string with a password",
            mark,
            r"(?i:(?:password|pwd)\s?=)\s?(?P<secret>[^;\s\"'\\]{4,128});(?:[^;\r\n]{0,200};){0,10}?"
            r"\s*(?i:(?:server|data source|host|user id|uid)\s?=)",
        )
        for mark in ("assword", "ASSWORD", "wd", "PWD")
    ),
    Shape(
        "an address with a password",
        "://",
        r"(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"'<>]{1,64}:(?P<secret>[^\s:/@\"'<>]{4,128})@[A-Za-z0-9.-]+",
    ),
)
PRIVATE_KEY = re.compile(
    r"-----BEGIN (?P<kind>(?:[A-Z0-9]{2,10} ){0,3})PRIVATE KEY(?: BLOCK)?-----(?P<secret>[\sA-Za-z0-9+/=\\:,-]{0,400})"
)
"""Its header, and at least a beginning of what follows."""
_STARTED = re.compile(
    r"(?P<shown>"
    + _BEFORE
    + r"(?:AKIA|ASIA|sk-ant-|sk-|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|ptt|cbt|soat)-|xox[abeoprs]-|xapp-|AIza|GOCSPX-"
    r"|[sr]k_live_|SG\.|npm_|pypi-AgE|hf_|dapi|eyJ|dop_v1_|shp(?:at|ca|pa|ss)_|gsk_|[Bb]earer )"
    r"|AccountKey=|SharedAccessKey=|;Secret=|sig=|(?i:password|pwd)\s?=\s?|://[^\s:/@]{1,64}:)(?P<secret>[A-Za-z0-9+/=_~.%!$-]{8,})"
)
"""A secret, whole or cut off: for what is shown of a text, where too much is masked rather than too little."""
_PLACEHOLDER = re.compile(
    r"(?i)x{4}|\*{3}|\.{3}|example|your|placeholder|redacted|secret|changeme|password|passw0rd|dummy|sample|[<>{}$]|^(?:pass|pwd)$"
)
_PUBLISHED = frozenset(
    {
        # Azurite's, the same in every installation (Microsoft, "Use the Azurite emulator").
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        # The Cosmos DB emulator's (Microsoft, "What is the Azure Cosmos DB emulator").
        "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
    }
)
_JWT_IO = "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
"""The signature of the example at jwt.io."""


def secrets_in(text: str) -> Iterator[tuple[str, str]]:
    """Each secret: what it is, and its value masked. What a manual would print is left out."""
    for shape in SHAPES:
        if shape.mark not in text:
            continue
        for found in shape.whole.finditer(text):
            value = found["secret"]
            if not _is_published(value.removeprefix(shape.shown)):
                yield shape.kind, f"{shape.shown}…"


def has_private_key(text: str) -> bool:
    """Whether there is one, its header and some of its content."""
    if "PRIVATE KEY" not in text:
        return False
    return any(
        sum(char.isalnum() for char in found["secret"]) >= 40 and not _is_published(found["secret"][:60])
        for found in PRIVATE_KEY.finditer(text)
    )


def without_secrets(text: str) -> str:
    """The text for showing: of everything that looks like the beginning of a secret only the beginning is left."""
    for shape in SHAPES:
        if shape.mark in text:
            text = shape.whole.sub(lambda found: found[0].replace(found["secret"], "…"), text)
    if "PRIVATE KEY" in text:
        text = PRIVATE_KEY.sub(
            lambda found: found[0].replace(found["secret"], "…") if found["secret"] else found[0], text
        )
    return _STARTED.sub(lambda found: f"{found['shown']}…", text)


def _is_published(value: str) -> bool:
    """Whether it is made up or known to everyone: few different characters, or words that say so."""
    if value in _PUBLISHED or value.endswith(_JWT_IO):
        return True
    return len(set(value)) < min(8, len(value) // 2) or _PLACEHOLDER.search(value) is not None
