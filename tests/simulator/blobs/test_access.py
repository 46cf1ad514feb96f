"""Who gets in and who doesn't, judged by Storage's own client, and by a plain one for the words on the wire."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from azure.core.credentials import AccessToken
from azure.storage.blob import (
    AccountSasPermissions,
    BlobClient,
    BlobSasPermissions,
    BlobServiceClient,
    ContainerSasPermissions,
    PublicAccess,
    ResourceTypes,
    UserDelegationKey,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)

from simulator.entra import tokens
from simulator.entra.models import SEEDED
from tests.simulator.blobs.storage import CONTRIBUTOR, READER, Storage, refusal

if TYPE_CHECKING:
    from tests.simulator.blobs.conftest import Making

STORAGE = "https://storage.azure.com"
LATER = timedelta(hours=1)


def on_the_wire(storage: Storage, path: str, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    trust = ssl.create_default_context(cafile=str(storage.running.ca_file))
    with httpx2.Client(verify=trust, trust_env=False) as client:
        return client.get(storage.url + path, headers=dict(headers or {}))


def write(client: BlobServiceClient, blob: str = "blob", container: str = "data") -> BlobClient:
    found = client.get_blob_client(container, blob)
    found.upload_blob(b"content", overwrite=True)
    return found


class TestRoles:
    def test_a_reader_reads_and_does_not_write(self, storage: Storage) -> None:
        """Storage Blob Data Reader grants reading and listing; writing and deleting are 403."""
        write(storage.client("trainer"))
        blob = storage.client("caller").get_blob_client("data", "blob")

        assert blob.download_blob().readall() == b"content"
        assert refusal(lambda: blob.upload_blob(b"x", overwrite=True)) == (403, "AuthorizationPermissionMismatch")
        assert refusal(blob.delete_blob) == (403, "AuthorizationPermissionMismatch")

    @pytest.mark.parametrize("principal", ["stranger", "deployer"])
    def test_without_a_role_for_data_nothing_is_read(self, storage: Storage, principal: str) -> None:
        """Neither a stranger nor the subscription's Owner, who has no data action, reads a blob."""
        write(storage.client("trainer"))

        blob = storage.client(principal).get_blob_client("data", "blob")

        assert refusal(blob.download_blob) == (403, "AuthorizationPermissionMismatch")

    def test_a_large_upload_is_refused_in_words(self, storage: Storage) -> None:
        """The client hears the refusal although it had more to send."""
        blob = storage.client("caller", max_single_put_size=64 * 1024 * 1024).get_blob_client("data", "blob")

        call = lambda: blob.upload_blob(b"x" * 32 * 1024 * 1024)  # noqa: E731 - one expression, used once.

        assert refusal(call) == (403, "AuthorizationPermissionMismatch")

    def test_a_role_on_one_container_opens_that_container_only(self, make_storage: Making) -> None:
        """The scope of an assignment is kept to; listing all containers needs the account."""
        storage = make_storage(containers=["data", "journal"])
        storage.grant("trainer", CONTRIBUTOR, "/blobServices/default/containers/journal")
        client = storage.client("trainer")

        write(client, container="journal")

        assert refusal(lambda: write(client)) == (403, "AuthorizationPermissionMismatch")
        assert refusal(lambda: list(client.list_containers())) == (403, "AuthorizationPermissionMismatch")

    def test_a_role_counts_from_when_it_is_assigned_until_it_is_taken_away(self, storage: Storage) -> None:
        """Roles are looked at with each request."""
        write(storage.client("trainer"))
        blob = storage.client("stranger").get_blob_client("data", "blob")
        given = storage.grant("stranger", READER)

        assert blob.download_blob().readall() == b"content"
        del storage.running.cloud.state.arm.resources[given.key]
        assert refusal(blob.download_blob) == (403, "AuthorizationPermissionMismatch")

    def test_a_copy_needs_its_source_to_be_readable(self, make_storage: Making) -> None:
        """Who may write here and not read there can't copy from there."""
        storage = make_storage(containers=["data", "secret"], allowSharedKeyAccess=True)
        storage.grant("trainer", CONTRIBUTOR, "/blobServices/default/containers/data")
        source = write(storage.with_key(), container="secret")

        copy = storage.client("trainer").get_blob_client("data", "copy")

        assert refusal(lambda: copy.start_copy_from_url(source.url)) == (403, "AuthorizationPermissionMismatch")

    def test_nothing_is_fetched_from_elsewhere(self, storage: Storage) -> None:
        """A copy from another address is not simulated, and no connection is made."""
        copy = storage.client("trainer").get_blob_client("data", "copy")

        assert refusal(lambda: copy.start_copy_from_url("https://example.invalid/data/x")) == (501, "NotSimulated")

    def test_the_refusal_is_storages_xml(self, storage: Storage) -> None:
        """Code, message with request ID and time, 279 bytes as captured in AzureStorageExplorer#3767."""
        token = storage.credential("stranger").get_token(f"{STORAGE}/.default").token
        got = on_the_wire(storage, "/data/blob", {"authorization": f"Bearer {token}"})

        assert got.status_code == 403
        assert got.headers["x-ms-error-code"] == "AuthorizationPermissionMismatch"
        assert got.headers["content-type"] == "application/xml"
        assert got.headers["content-length"] == "279"
        assert re.fullmatch(
            '\ufeff<\\?xml version="1.0" encoding="utf-8"\\?><Error><Code>AuthorizationPermissionMismatch</Code>'
            "<Message>This request is not authorized to perform this operation using this permission."
            "\nRequestId:[0-9a-f-]{36}\nTime:[0-9T:.-]{27}Z</Message></Error>",
            got.content.decode(),
        )
        assert got.headers["x-ms-request-id"] in got.content.decode()


class Fixed:
    """A credential that always has the same token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken(self._token, 2**40)


class TestTokens:
    @pytest.mark.parametrize(
        ("make", "detail"),
        [
            ({"audience": "https://management.azure.com"}, "Audience validation failed. Audience did not match."),
            ({"issued_at": 1_700_000_000}, "Lifetime validation failed. The token is expired."),
            (
                {"tenant_id": "00000000-0000-4000-8000-00000000dead"},
                "Issuer validation failed. Issuer did not match.",
            ),
        ],
        ids=["audience", "expired", "tenant"],
    )
    def test_a_token_for_another_purpose_is_challenged(
        self, storage: Storage, make: dict[str, Any], detail: str
    ) -> None:
        """401 InvalidAuthenticationInfo says what is wrong, and where a token is to be had."""
        audience = make.pop("audience", STORAGE) if "audience" in make else STORAGE
        token = tokens.access_token(storage.running.cloud, SEEDED["trainer"], audience, **make)
        got = on_the_wire(storage, "/data/blob", {"authorization": f"Bearer {token}"})

        assert (got.status_code, got.headers["x-ms-error-code"]) == (401, "InvalidAuthenticationInfo")
        assert f"<AuthenticationErrorDetail>{detail}</AuthenticationErrorDetail>" in got.text
        tenant = f"{storage.running.url}/{storage.running.cloud.tenant_id}/oauth2/authorize"
        assert got.headers["www-authenticate"] == f"Bearer authorization_uri={tenant} resource_id={STORAGE}"

    def test_garbage_is_no_token(self, storage: Storage) -> None:
        """The client reports 401, after it has heard the challenge and tried again."""
        client = storage.client(credential=Fixed("not.a.token"))

        assert refusal(client.get_blob_client("data", "x").download_blob) == (401, "InvalidAuthenticationInfo")

    def test_another_scheme_is_malformed(self, storage: Storage) -> None:
        """400 InvalidAuthenticationInfo for an Authorization header that is neither token nor key."""
        got = on_the_wire(storage, "/data/blob", {"authorization": "Basic Zm9v"})

        assert (got.status_code, got.headers["x-ms-error-code"]) == (400, "InvalidAuthenticationInfo")


class TestKeys:
    def test_the_key_that_arm_lists_opens_the_account(self, make_storage: Making) -> None:
        """Shared key needs no role."""
        storage = make_storage(allowSharedKeyAccess=True)
        client = storage.with_key()

        write(client, "ünï çødé/with blanks")

        assert list(client.get_container_client("data").list_blob_names()) == ["ünï çødé/with blanks"]

    def test_another_key_is_refused(self, make_storage: Making) -> None:
        """403 AuthenticationFailed where the signature doesn't fit."""
        storage = make_storage()
        client = storage.client(credential={"account_name": storage.name, "account_key": "A" * 86 + "=="})

        assert refusal(lambda: write(client)) == (403, "AuthenticationFailed")

    def test_no_key_counts_where_keys_are_off(self, storage: Storage) -> None:
        """403 KeyBasedAuthenticationNotPermitted for the key itself, for account SAS and service SAS."""
        account_sas = generate_account_sas(
            storage.name, storage.key, ResourceTypes(object=True), AccountSasPermissions(read=True), _later()
        )
        blob_sas = generate_blob_sas(
            storage.name,
            "data",
            "blob",
            account_key=storage.key,
            permission=BlobSasPermissions(read=True),
            expiry=_later(),
        )
        for client in (
            storage.with_key(),
            storage.client(credential=account_sas),
            storage.client(credential=blob_sas),
        ):
            blob = client.get_blob_client("data", "blob")
            assert refusal(blob.download_blob) == (403, "KeyBasedAuthenticationNotPermitted")


def _later() -> datetime:
    return datetime.now(UTC) + LATER


class TestSharedAccessSignatures:
    def test_an_account_sas_does_what_it_says(self, make_storage: Making) -> None:
        """Reading blobs, and no writing."""
        storage = make_storage()
        write(storage.with_key())
        sas = generate_account_sas(
            storage.name,
            storage.key,
            ResourceTypes(object=True),
            AccountSasPermissions(read=True),
            _later(),
            protocol="https",
        )
        blob = storage.client(credential=sas).get_blob_client("data", "blob")

        assert blob.download_blob().readall() == b"content"
        assert refusal(lambda: blob.upload_blob(b"x", overwrite=True)) == (403, "AuthorizationPermissionMismatch")

    def test_a_service_sas_opens_one_blob(self, make_storage: Making) -> None:
        """The blob it is signed for, over https, and no other."""
        storage = make_storage()
        write(storage.with_key(), "a blob")
        write(storage.with_key(), "other")
        sas = generate_blob_sas(
            storage.name,
            "data",
            "a blob",
            account_key=storage.key,
            permission=BlobSasPermissions(read=True),
            expiry=_later(),
            protocol="https",
        )
        client = storage.client(credential=sas)

        assert client.get_blob_client("data", "a blob").download_blob().readall() == b"content"
        other = client.get_blob_client("data", "other")
        assert refusal(other.download_blob) == (403, "AuthenticationFailed")

    def test_an_expired_sas_says_when_it_was_good(self, make_storage: Making) -> None:
        """403 AuthenticationFailed with start, expiry and current time."""
        storage = make_storage()
        sas = generate_blob_sas(
            storage.name,
            "data",
            "blob",
            account_key=storage.key,
            permission=BlobSasPermissions(read=True),
            start=datetime(2020, 7, 9, 10, 11, 3, tzinfo=UTC),
            expiry=datetime(2020, 7, 9, 18, 11, 3, tzinfo=UTC),
        )
        got = on_the_wire(storage, f"/data/blob?{sas}")

        assert (got.status_code, got.headers["x-ms-error-code"]) == (403, "AuthenticationFailed")
        assert (
            "<AuthenticationErrorDetail>Signature not valid in the specified time frame: "
            "Start [Thu, 09 Jul 2020 10:11:03 GMT] - Expiry [Thu, 09 Jul 2020 18:11:03 GMT] - Current [" in got.text
        )


class TestUserDelegation:
    @staticmethod
    def key(storage: Storage, principal: str) -> UserDelegationKey:
        now = datetime.now(UTC)
        return storage.client(principal).get_user_delegation_key(now - timedelta(minutes=5), now + LATER)

    def test_a_user_delegation_sas_works_where_keys_are_off(self, storage: Storage) -> None:
        """Signed with a key that Get User Delegation Key gave to a principal with the role."""
        write(storage.client("trainer"))
        sas = generate_blob_sas(
            storage.name,
            "data",
            "blob",
            user_delegation_key=self.key(storage, "trainer"),
            permission=BlobSasPermissions(read=True),
            expiry=_later(),
            protocol="https",
        )
        blob = storage.client(credential=sas).get_blob_client("data", "blob")

        assert blob.download_blob().readall() == b"content"
        assert refusal(lambda: blob.upload_blob(b"x", overwrite=True)) == (403, "AuthorizationPermissionMismatch")

    def test_one_for_a_container_lists_it(self, storage: Storage) -> None:
        """A container SAS covers the container and its blobs."""
        write(storage.client("trainer"))
        sas = generate_container_sas(
            storage.name,
            "data",
            user_delegation_key=self.key(storage, "caller"),
            permission=ContainerSasPermissions(read=True, list=True),
            expiry=_later(),
        )
        container = storage.client(credential=sas).get_container_client("data")

        assert list(container.list_blob_names()) == ["blob"]
        assert container.download_blob("blob").readall() == b"content"

    def test_it_grants_no_more_than_its_signer_may_now(self, storage: Storage) -> None:
        """A reader's SAS with write permission does not write, and none reads once the role is gone."""
        write(storage.client("trainer"))
        given = storage.grant("stranger", READER)
        sas = generate_blob_sas(
            storage.name,
            "data",
            "blob",
            user_delegation_key=self.key(storage, "stranger"),
            permission=BlobSasPermissions(read=True, write=True),
            expiry=_later(),
        )
        blob = storage.client(credential=sas).get_blob_client("data", "blob")

        assert refusal(lambda: blob.upload_blob(b"x", overwrite=True)) == (403, "AuthorizationPermissionMismatch")
        assert blob.download_blob().readall() == b"content"
        del storage.running.cloud.state.arm.resources[given.key]
        assert refusal(blob.download_blob) == (403, "AuthorizationPermissionMismatch")

    def test_a_forged_one_is_refused(self, storage: Storage) -> None:
        """403 AuthenticationFailed where the key is not the service's own."""
        write(storage.client("trainer"))
        key = self.key(storage, "trainer")
        key.value = "A" * 43 + "="
        sas = generate_blob_sas(
            storage.name,
            "data",
            "blob",
            user_delegation_key=key,
            permission=BlobSasPermissions(read=True),
            expiry=_later(),
        )

        blob = storage.client(credential=sas).get_blob_client("data", "blob")

        assert refusal(blob.download_blob) == (403, "AuthenticationFailed")

    def test_the_key_needs_a_role_on_the_whole_account(self, make_storage: Making) -> None:
        """A role on a container is not enough; one on the account is."""
        storage = make_storage()
        storage.grant("trainer", CONTRIBUTOR, "/blobServices/default/containers/data")

        assert refusal(lambda: self.key(storage, "trainer")) == (403, "AuthorizationPermissionMismatch")
        storage.grant("trainer", READER)
        assert self.key(storage, "trainer").signed_oid == SEEDED["trainer"].object_id


class TestNobody:
    def test_where_public_access_is_off_it_is_409(self, storage: Storage) -> None:
        """PublicAccessNotPermitted, which Storage's client takes for a conflict."""
        blob = storage.client().get_blob_client("data", "blob")

        assert refusal(blob.download_blob) == (409, "PublicAccessNotPermitted")

    def test_a_private_container_asks_who_is_there(self, make_storage: Making) -> None:
        """401 with a challenge for the service versions that have one, 404 for older ones."""
        storage = make_storage(allowBlobPublicAccess=True)

        newer = on_the_wire(storage, "/data/blob", {"x-ms-version": "2019-12-12"})
        older = on_the_wire(storage, "/data/blob", {"x-ms-version": "2019-07-07"})

        assert (newer.status_code, newer.headers["x-ms-error-code"]) == (401, "NoAuthenticationInformation")
        assert newer.headers["www-authenticate"].startswith("Bearer authorization_uri=")
        assert (older.status_code, older.headers["x-ms-error-code"]) == (404, "ResourceNotFound")

    def test_a_public_container_is_read_by_anyone(self, make_storage: Making) -> None:
        """Where the account allows it and ARM's container says Blob."""
        storage = make_storage(containers=[], allowBlobPublicAccess=True)
        storage.container("public", publicAccess="Blob")
        write(storage.with_key(), container="public")

        assert storage.client().get_blob_client("public", "blob").download_blob().readall() == b"content"

    def test_a_container_is_not_made_public_where_that_is_off(self, storage: Storage) -> None:
        """409 PublicAccessNotPermitted for a new container too."""
        client = storage.client("trainer")

        call = lambda: client.create_container("open", public_access=PublicAccess.BLOB)  # noqa: E731 - used once.

        assert refusal(call) == (409, "PublicAccessNotPermitted")


class TestNetwork:
    @pytest.mark.parametrize(
        "settings",
        [{"publicNetworkAccess": "Disabled"}, {"networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"}}],
        ids=["disabled", "deny"],
    )
    def test_a_closed_account_answers_nobody(self, make_storage: Making, settings: dict[str, Any]) -> None:
        """403 AuthorizationFailure of 246 bytes, as captured in AzureStorageExplorer#9150, whatever the role."""
        storage = make_storage(**settings)
        storage.grant("trainer", CONTRIBUTOR)

        assert refusal(lambda: write(storage.client("trainer"))) == (403, "AuthorizationFailure")
        assert on_the_wire(storage, "/data/blob").headers["content-length"] == "246"


def test_without_azurite_the_listener_decides_and_then_says_so(simulator: Any) -> None:
    """501, which Storage's client doesn't try again."""
    storage = Storage(simulator, "tests", {})
    storage.grant("trainer", CONTRIBUTOR)
    try:
        assert refusal(lambda: write(storage.client("trainer"))) == (501, "NotSimulated")
        assert refusal(lambda: write(storage.client("stranger"))) == (403, "AuthorizationPermissionMismatch")
    finally:
        storage.close()
