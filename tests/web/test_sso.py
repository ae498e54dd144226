"""Single sign-on: in comes who the provider vouches for, with the role of their group, and nobody else."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from conftest import PASSWORD
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client, override_settings
from pydantic import ValidationError

from pipeline.review.settings import OidcSettings, ReviewSettings
from pipeline.settings import Settings

CLIENT, SECRET = "intake", "a-secret"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Provider:
    """A provider of one signature: gives for a code an ID token with the claims that a test asks for, and checks what it is told."""

    def __init__(self) -> None:
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                self.answer(200, {"keys": [{**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "1", "alg": "RS256", "use": "sig"}]})

            def do_POST(self) -> None:
                told = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
                self.answer(*provider.token(told))

            def answer(self, status: int, body: object) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.asked: dict[str, str] = {}
        self.claims: dict[str, object] = {}
        self.sign = lambda claims: jwt.encode(claims, KEY, "RS256", {"kid": "1"})
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, told: dict[str, str]) -> tuple[int, dict[str, str]]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(told.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        right = {"code": "the-code", "client_id": CLIENT, "client_secret": SECRET, "grant_type": "authorization_code", "redirect_uri": self.asked["redirect_uri"]}
        if challenge != self.asked["code_challenge"] or any(told.get(name) != value for name, value in right.items()):
            return 400, {"error": "invalid_grant"}
        usual = {"iss": self.url, "aud": CLIENT, "sub": "s-1", "iat": time.time(), "exp": time.time() + 300, "nonce": self.asked["nonce"], "name": "王芳", "preferred_username": "wang", "groups": ["staff", "district"]}
        claims = {name: value for name, value in {**usual, **self.claims}.items() if value is not None}
        return 200, {"id_token": self.sign(claims), "access_token": "x", "token_type": "Bearer"}


@pytest.fixture
def provider(site):
    from pipeline.review.web.site import _sso

    one = Provider()
    oidc = OidcSettings(
        issuer=one.url, authorization_endpoint=f"{one.url}/authorize", token_endpoint=f"{one.url}/token", jwks_endpoint=f"{one.url}/keys", client_id=CLIENT, client_secret=SECRET,
        roles={"city": "lead", "district": "reviewer"}, timeout=5)
    backends = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend", "pipeline.review.web.sso.SingleSignOn"]
    with override_settings(INTAKE=Settings(review=ReviewSettings(oidc=oidc, second_look=0)), AUTHENTICATION_BACKENDS=backends, **_sso(oidc, "")):
        yield one
    one.server.shutdown()
    one.server.server_close()


def begin(provider: Provider, client: Client, path: str = "/sso") -> str:
    """Go to the provider; gives the state with which one comes back."""
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith(provider.url + "/authorize?")
    provider.asked = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
    return provider.asked["state"]


def log_in(provider: Provider, client: Client | None = None, **claims: object):
    client = client or Client()
    provider.claims = claims
    return client, client.get("/sso/back", {"code": "the-code", "state": begin(provider, client)})


def people() -> list[tuple[str, str]]:
    from pipeline.review.web.models import User

    return list(User.objects.order_by("pk").values_list("username", "role"))


def logged(action: str) -> int:
    from pipeline.review.web.models import AuditEvent

    return AuditEvent.objects.filter(action=action).count()


def test_who_the_provider_vouches_for_gets_in_with_the_role_of_their_group(provider):
    client, answer = log_in(provider)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert people() == [("wang", "reviewer")]
    assert client.get("/queue").status_code == 200
    assert client.get("/people").status_code == 403
    assert (logged("person-new"), logged("login"), logged("sso-refused")) == (1, 1, 0)
    assert client.session.get_expiry_age() == 30 * 60
    assert (provider.asked["response_type"], provider.asked["code_challenge_method"], provider.asked["scope"]) == ("code", "S256", "openid profile")
    log_in(provider)
    assert people() == [("wang", "reviewer")]  # the second time the same person


def test_the_session_gets_a_new_id(provider):
    client = Client()
    state = begin(provider, client)
    before = client.session.session_key
    client.get("/sso/back", {"code": "the-code", "state": state})
    assert client.session.session_key not in (before, None)


def test_one_gets_to_where_one_was_going_and_nowhere_else(provider):
    for where, then in (("/figures", "/figures"), ("https://evil.example/", "/")):
        client = Client()
        state = begin(provider, client, f"/sso?next={where}")
        assert client.get("/sso/back", {"code": "the-code", "state": state})["Location"] == then


@pytest.mark.parametrize("claims", [
    {"iss": "https://evil.example"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"aud": [CLIENT, "another"]}, {"aud": [CLIENT, "another"], "azp": "another"}, {"azp": "another"},
    {"exp": 1}, {"exp": None}, {"iat": None}, {"iat": 4_000_000_000}, {"nonce": "of another login"}, {"nonce": None}, {"sub": None}, {"sub": ""},
    {"groups": ["staff"]}, {"groups": None}, {"groups": {"district": True}}, {"groups": "districts"}], ids=str)
def test_a_token_that_is_not_for_us_now_and_this_login_or_of_somebody_without_a_role_lets_nobody_in(provider, claims):
    client, answer = log_in(provider, **claims)
    assert answer["Location"] == "/login?sso"
    assert "统一身份认证未成功" in client.get("/login?sso").content.decode()
    assert client.get("/queue").status_code == 302
    assert people() == []
    assert (logged("sso-refused"), logged("login")) == (1, 0)


@pytest.mark.parametrize("sign", [
    lambda claims: jwt.encode(claims, OTHER_KEY, "RS256", {"kid": "1"}),
    lambda claims: jwt.encode(claims, KEY, "RS256", {"kid": "unknown"}),
    lambda claims: jwt.encode(claims, None, "none"),
    lambda claims: jwt.encode(claims, SECRET * 4, "HS256", {"kid": "1"}),
    lambda claims: jwt.encode(claims, KEY, "RS256", {"kid": "1"})[:-6] + "AAAAAA",
    lambda claims: "no token",
    lambda claims: None,
], ids=["another's key", "a key that is not there", "unsigned", "signed with our secret", "signature changed", "no token", "nothing"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(provider, sign):
    provider.sign = sign
    _, answer = log_in(provider)
    assert answer["Location"] == "/login?sso"
    assert people() == []


def test_an_answer_to_no_login_of_this_browser_lets_nobody_in(provider):
    client = Client()
    state = begin(provider, client)
    for asked in ({"code": "the-code", "state": "made up"}, {"code": "the-code"}, {"state": state, "error": "access_denied"}):
        assert client.get("/sso/back", asked)["Location"] == "/login?sso"
    assert Client().get("/sso/back", {"code": "the-code", "state": state})["Location"] == "/login?sso"  # carried to another browser
    mine, first = log_in(provider)
    assert first["Location"] == "/"
    mine.post("/logout")
    assert mine.get("/sso/back", {"code": "the-code", "state": provider.asked["state"]})["Location"] == "/login?sso"  # once more
    assert mine.get("/queue").status_code == 302


def test_a_provider_that_does_not_answer_is_no_error_of_ours(provider):
    provider.server.shutdown()
    provider.server.server_close()
    _, answer = log_in(provider)
    assert answer["Location"] == "/login?sso"


def test_nobody_takes_another_s_account_by_choosing_their_name(provider, person):
    person("admin", "wang", PASSWORD)
    log_in(provider)
    names = people()
    assert names[0] == ("wang", "admin")
    assert names[1][0].startswith("wang-")
    assert names[1][1] == "reviewer"
    log_in(provider, sub="s-2")
    assert len(people()) == 3


def test_another_role_at_the_provider_ends_sessions_and_is_the_role_here(provider, case):
    first, _ = log_in(provider)
    second, _ = log_in(provider, groups=["city", "district"])
    assert people() == [("wang", "lead")]
    assert first.get("/queue")["Location"].startswith("/login")
    assert second.get("/queue").status_code == 200
    _, answer = log_in(provider, groups=[])
    assert answer["Location"] == "/login?sso"
    assert second.get("/queue")["Location"].startswith("/login")


def test_who_was_made_inactive_here_stays_out(provider):
    from pipeline.review.web.models import User

    log_in(provider)
    User.objects.update(is_active=False)
    client, answer = log_in(provider)
    assert answer["Location"] == "/login?sso"
    assert client.get("/queue").status_code == 302


def test_groups_may_lie_deeper():
    from pipeline.review.web.sso import role_of

    oidc = OidcSettings(roles_claim="realm_access.roles", roles={"a": "admin"})
    assert role_of({"realm_access": {"roles": ["a"]}}, oidc) == "admin"
    assert role_of({"realm_access": ["a"]}, oidc) is None
    assert role_of({"realm_access": {"roles": 7}}, oidc) is None


def test_passwords_work_beside_it_unless_they_are_switched_off(provider, person):
    from django.conf import settings

    person("reviewer", password=PASSWORD)
    page = Client().get("/login").content.decode()
    assert "统一身份认证登录" in page
    assert "id_password" in page
    assert Client().post("/login", {"username": "reviewer", "password": PASSWORD})["Location"] == "/"
    without = settings.INTAKE.model_copy(update={"review": settings.INTAKE.review.model_copy(update={"password_login": False})})
    with override_settings(INTAKE=without, AUTHENTICATION_BACKENDS=["pipeline.review.web.sso.SingleSignOn"]):
        assert "id_password" not in Client().get("/login").content.decode()
        assert Client().post("/login", {"username": "reviewer", "password": PASSWORD}).status_code == 403
        client, answer = log_in(provider)
        assert answer["Location"] == "/"
        assert "认证平台" in client.get("/password").content.decode()


def test_without_the_setting_there_is_no_way_round(site):
    assert Client().get("/sso").status_code == 404
    assert Client().get("/sso/back?code=x&state=y").status_code == 404


@pytest.mark.parametrize("settings", [
    {"password_login": False},
    {"oidc": {"issuer": "https://sso.example"}},
    {"oidc": {"issuer": "https://sso.example", "authorization_endpoint": "https://sso.example/a", "token_endpoint": "http://sso.example/t", "jwks_endpoint": "https://sso.example/k", "client_id": "x"}},
    {"oidc": {"roles": {"a": "king"}}},
    {"oidc": {"algorithm": "none"}}])
def test_settings_that_would_let_nobody_in_or_anybody_are_refused(settings):
    with pytest.raises(ValidationError):
        ReviewSettings.model_validate(settings)
