"""How the gate, the files and the fine-tuning service refuse, one function per behaviour. Each says where its words
come from; for chat see chat_errors.py.

specimen     status, code and words from a captured answer
words        code and words seen, status inferred
documented   from a Microsoft document or specification
memory       no source: a guess
"""

from __future__ import annotations

from simulator.errors import GatewayRefusal, Refusal, ServiceRefusal, TokenRefusal

# Who calls, and from where.


def token_not_accepted() -> Refusal:
    """Missing, garbled, expired or for another audience: specimen (azure-search-openai-demo#458)."""
    return TokenRefusal(
        "Unauthorized. Access token is missing, invalid, audience is incorrect "
        "(https://cognitiveservices.azure.com), or have expired."
    )


def key_not_accepted() -> Refusal:
    """A wrong key, or neither key nor token: specimen of 224 bytes (SciSharp/BotSharp#386)."""
    return GatewayRefusal(
        401,
        "401",
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
        "active subscription and use a correct regional API endpoint for your resource.",
        spaced=False,
    )


def permission_denied(object_id: str, action: str, operation: str) -> Refusal:
    """A good token without the data action: specimen for chat (a public capture of 2026); others in its form."""
    return GatewayRefusal(
        401,
        "PermissionDenied",
        f"The principal `{object_id}` lacks the required data action `{action}` to perform `{operation}` operation.",
    )


def keys_disabled() -> Refusal:
    """`disableLocalAuth`: specimen (microsoft/sample-app-aoai-chatGPT#1000)."""
    return GatewayRefusal(403, "AuthenticationTypeDisabled", "Key based authentication is disabled for this resource.")


def custom_subdomain_needed() -> Refusal:
    """A token at the regional endpoint: memory."""
    return GatewayRefusal(
        400,
        "BadRequest",
        "Please provide a custom subdomain for token authentication, otherwise API key is required.",
    )


def firewall() -> Refusal:
    """The network rules' default is Deny: specimen of 90 bytes (Azure-Samples/azure-sql-db-chatbot#3)."""
    return GatewayRefusal(
        403,
        "403",
        "Access denied due to Virtual Network/Firewall rules.",
        policy="ThrowExceptionDueToTrafficDenied",
    )


def public_access_disabled() -> Refusal:
    """publicNetworkAccess is Disabled: words (TabularEditor/TabularEditor3#1557)."""
    return GatewayRefusal(403, "403", "Public access is disabled. Please configure private endpoint.")


def regional_endpoint_behind_network() -> Refusal:
    """Network rules, asked at the regional endpoint: words (continuedev/continue#12547)."""
    return GatewayRefusal(
        403,
        "403",
        "A Virtual Network is configured for this resource. Please use the correct endpoint for making requests. "
        "Check https://aka.ms/cogsvc-vnet for more details.",
    )


def resource_not_found() -> Refusal:
    """No such resource or path: specimen (BerriAI/litellm#11116). Azure's DNS knows no unused subdomain at all."""
    return GatewayRefusal(404, "404", "Resource not found")


# Files.


def invalid_purpose() -> Refusal:
    """Specimen (Azure/AI-in-a-Box#46)."""
    return ServiceRefusal(400, "invalidPayload", "Invalid value for purpose.")


def wrong_suffix() -> Refusal:
    """Another ending than .jsonl: words (Azure/AI-in-a-Box#46)."""
    return ServiceRefusal(400, "invalidPayload", "fileName contains an invalid filename: wrong suffix.")


def no_content_type() -> Refusal:
    """The file's part has no Content-Type: specimen of 119 bytes (Azure/azure-sdk-for-net#44710)."""
    return ServiceRefusal(400, "invalidPayload", "The file has no or an empty content type specified.")


def file_missing() -> Refusal:
    """A form without a file: memory."""
    return ServiceRefusal(400, "invalidPayload", "The file field is required.")


def too_many_files(most: int) -> Refusal:
    """Specimen for batch files (Azure/azure-sdk-for-java#47401), with the limit of training files."""
    return ServiceRefusal(
        400, "quotaExceeded", f"The quota for files without expiry is reached. The maximum is {most}."
    )


def too_many_uploads(most: int, wait: float) -> Refusal:
    """More uploads in a second than an account may have: the number is documented (quotas-limits, 2026-03), and the
    code (2024-10-21 specification); status and words are memory."""
    return ServiceRefusal(
        429,
        "tooManyRequests",
        f"The rate of file uploads is limited to {most} requests per second. Please retry later.",
        headers=retry_after(wait),
    )


def retry_after(seconds: float) -> dict[str, str]:
    """When to come back, on the caller's clock: in seconds, and in milliseconds as Azure's page on quota has it.

    Never 0, which clients take for no hint at all.
    """
    milliseconds = max(1, round(seconds * 1000))
    return {"retry-after": f"{milliseconds / 1000:g}", "retry-after-ms": str(milliseconds)}


def too_many_bytes(most: int) -> Refusal:
    """More bytes of training files than an account may have: the limit is documented (quotas-limits), the rest is
    memory."""
    return ServiceRefusal(
        400, "quotaExceeded", f"The quota for the total size of files is reached. The maximum is {most} bytes."
    )


def file_too_large() -> Refusal:
    """The words are a fragment of a document; status and code are memory."""
    return ServiceRefusal(413, "invalidPayload", "The maximum allowed size is 512 MB.")


def invalid_expiry() -> Refusal:
    """The range is documented (v1 specification: 14 to 30 days from creation), the words are memory."""
    return ServiceRefusal(
        400, "invalidPayload", "expires_after.seconds must be between 1209600 and 2592000, from created_at."
    )


def import_not_simulated() -> Refusal:
    """The simulator's own: it fetches nothing from anywhere but its own storage."""
    return ServiceRefusal(501, "NotSimulated", "The simulated Azure imports from its own storage accounts only.")


def upload_too_large() -> Refusal:
    """More than an upload in parts may have, or nothing at all: the 9 GB are documented (2024-10-21 specification), the
    rest is memory."""
    return ServiceRefusal(400, "invalidPayload", "The bytes of an upload must be between 1 and 9 GB.")


def upload_absent() -> Refusal:
    """The code is documented (2024-10-21 specification), the words are memory."""
    return ServiceRefusal(404, "notFound", "The specified upload does not exist.")


def upload_not_open() -> Refusal:
    """A part for an upload that is completed, cancelled or older than two hours, or another end of it: that it is
    refused is documented, as are code and words; the status is memory."""
    return ServiceRefusal(
        400, "unexpectedEntityState", "The operation cannot be executed in the current resource's state."
    )


def unknown_part() -> Refusal:
    """To complete an upload with parts that it hasn't, or with one twice: memory."""
    return ServiceRefusal(400, "invalidPayload", "The part_ids must be parts of the upload, each of them once.")


def bytes_differ(announced: int) -> Refusal:
    """The parts have another size than was announced: that it is refused is documented, the rest is memory."""
    return ServiceRefusal(400, "invalidPayload", f"The parts must have {announced} bytes, as the upload was created.")


def md5_differs() -> Refusal:
    """The parts have another MD5 than is given: that it is checked is documented, the rest is memory."""
    return ServiceRefusal(400, "invalidPayload", "The md5 is not that of the parts in their order.")


def api_version_unknown() -> Refusal:
    """An api-version that Azure hasn't: words (a field report, 2026), code and status memory."""
    return GatewayRefusal(400, "BadRequest", "API version not supported")


def file_absent() -> Refusal:
    """The code is documented (2024-10-21 specification), the words are memory."""
    return ServiceRefusal(404, "notFound", "The specified file does not exist.")


# Fine-tuning jobs.


def body_not_bindable() -> Refusal:
    """A body, or a trainingType, that the service can't bind: words seen in field reports, code memory."""
    return ServiceRefusal(400, "invalidPayload", "The fineTuningJob field is required.")


def field_missing(name: str) -> Refusal:
    """Memory."""
    return ServiceRefusal(400, "invalidPayload", f"The {name} field is required.")


def file_not_imported() -> Refusal:
    """A job on a file that is not processed: specimen (three field reports, 2026)."""
    return ServiceRefusal(400, "invalidPayload", "The specified file reference must point to a completed file import.")


def referenced_file_absent(param: str) -> Refusal:
    """A job on a file that isn't there: memory."""
    return ServiceRefusal(400, "invalidPayload", f"The file specified as {param} does not exist.")


def wrong_purpose(param: str) -> Refusal:
    """A job on a file with another purpose: memory."""
    return ServiceRefusal(400, "invalidPayload", f"The file specified as {param} must have the purpose fine-tune.")


def training_type_not_offered(model: str, training_type: str) -> Refusal:
    """Also where trainingType is left out, which means Standard: specimen (a full sentence, 2026)."""
    return ServiceRefusal(
        400,
        "invalidPayload",
        f"The specified base model {model} does not support fine-tuning with {training_type} TrainingType.",
    )


def not_tunable() -> Refusal:
    """An unknown, retired or untunable model: words (MicrosoftDocs/azure-docs#116776, BerriAI/litellm#24687)."""
    return ServiceRefusal(400, "invalidPayload", "The specified base model does not support fine-tuning.")


def reinforcement_needed(model: str) -> Refusal:
    """Words (a field report, 2026); code memory."""
    return ServiceRefusal(
        400, "invalidPayload", f"Finetuning with {model} requires the reinforcement method of finetuning."
    )


def method_not_offered(model: str, method: str) -> Refusal:
    """Any other method a model is not tuned by: memory."""
    return ServiceRefusal(
        400, "invalidPayload", f"Finetuning with {model} does not support the {method} method of finetuning."
    )


def invalid_suffix() -> Refusal:
    """The rule is documented (at most 40 of A-Z a-z 0-9 _ -), the words are memory."""
    return ServiceRefusal(
        400, "invalidPayload", "The suffix must have at most 40 characters, letters, digits, '-' and '_' only."
    )


def invalid_hyperparameter(name: str, rule: str) -> Refusal:
    """Memory."""
    return ServiceRefusal(400, "invalidPayload", f"Invalid value for hyperparameter {name}: {rule}.")


def misplaced_hyperparameter(name: str, method: str) -> Refusal:
    """Unknown, or another method's: memory; Azure may as well take no notice of it."""
    return ServiceRefusal(
        400, "invalidPayload", f"Invalid hyperparameter {name}: the {method} method of finetuning does not take it."
    )


def grader_body_not_bindable() -> Refusal:
    """A body without a grader in it that could be read: memory."""
    return ServiceRefusal(400, "invalidPayload", "The body can't be read.")


def invalid_grader(fault: str) -> Refusal:
    """A grader that isn't well-formed, in a job or by itself: the rules are documented, the words are memory."""
    return ServiceRefusal(400, "invalidPayload", f"Invalid grader: {fault}.")


def grader_not_simulated(kind: str) -> Refusal:
    """The simulator's own: a grader that needs a library, a model or a sandbox it doesn't have."""
    return ServiceRefusal(501, "NotSimulated", f"The simulated Azure can't run a grader of the type {kind}.")


def invalid_field(name: str, rule: str) -> Refusal:
    """Memory."""
    return ServiceRefusal(400, "invalidPayload", f"Invalid value for {name}: {rule}.")


def too_many_jobs(most: int) -> Refusal:
    """More jobs queued than an account may have: the limit is documented (quotas-limits), the rest is memory."""
    return ServiceRefusal(
        400, "quotaExceeded", f"The quota for queued fine-tuning jobs is reached. The maximum is {most}."
    )


def too_many_jobs_in_all(most: int) -> Refusal:
    """More jobs than an account may have: the limit is documented (quotas-limits), the rest is memory."""
    return ServiceRefusal(400, "quotaExceeded", f"The quota for fine-tuning jobs is reached. The maximum is {most}.")


def job_absent() -> Refusal:
    """The code is documented (2024-10-21 specification), the words are memory."""
    return ServiceRefusal(404, "notFound", "The specified fine-tuning job does not exist.")


def wrong_job_state() -> Refusal:
    """To cancel, pause or resume a job that isn't in a state for it: code and words documented, status memory."""
    return ServiceRefusal(
        400, "unexpectedEntityState", "The operation cannot be executed in the current resource's state."
    )


def model_absent() -> Refusal:
    """The code is documented (2024-10-21 specification), the words are memory."""
    return ServiceRefusal(404, "notFound", "The specified model does not exist.")
