"""Routes of the review page; who may use each stands in roles.py."""

from __future__ import annotations

from django.urls import path

from pipeline.review.web.api import api
from pipeline.review.web.views import account, bulk, claim, decide, exports, figures, history, log, people, problems, queue, reference, scheme, sso, tokens

handler400, handler403, handler404, handler500 = problems.not_understood, problems.not_allowed, problems.not_found, problems.broken

urlpatterns = [
    path("", queue.home, name="home"),
    path("login", account.Login.as_view(), name="login"),
    path("sso", sso.Begin.as_view(), name="sso"),
    path("sso/back", sso.Back.as_view(), name="sso-back"),
    path("logout", account.logout_view, name="logout"),
    path("password", account.Password.as_view(), name="password"),
    path("language/<str:code>", account.language, name="language"),
    path("queue", queue.queue, name="queue"),
    path("exceptions.<str:kind>", exports.exceptions, name="exceptions"),
    path("next", queue.next_case, name="next"),
    path("bulk", bulk.ask, name="bulk"),
    path("bulk/do", bulk.do, name="bulk-do"),
    path("claims/<int:pk>", claim.claim, name="claim"),
    path("claims/<int:pk>/release", claim.release_case, name="release"),
    path("claims/<int:pk>/pictures/<int:number>/<int:page>/<str:kind>", claim.picture, name="picture"),
    path("claims/<int:pk>/read", claim.read_box, name="read-box"),
    path("claims/<int:pk>/amend", claim.amend_value, name="amend"),
    path("claims/<int:pk>/judge", claim.judge_flag, name="judge"),
    path("claims/<int:pk>/entries", claim.entries, name="entries"),
    path("claims/<int:pk>/versions", history.versions, name="claim-versions"),
    path("claims/<int:pk>/versions/<int:number>", history.version, name="claim-version"),
    path("claims/<int:pk>/decide", decide.decide_case, name="decide"),
    path("claims/<int:pk>/undo", decide.undo_case, name="undo"),
    path("claims/<int:pk>/letter", decide.letter, name="letter"),
    path("claims/<int:pk>/letter/save", decide.save_letter, name="letter-save"),
    path("claims/<int:pk>/letter.pdf", decide.letter_pdf, name="letter-pdf"),
    path("figures", figures.figures, name="figures"),
    path("audit", log.log, name="audit"),
    path("audit.csv", log.export, name="audit-export"),
    path("people", people.people, name="people"),
    path("people/<int:pk>", people.person, name="person"),
    path("reference", reference.page, name="reference"),
    path("reference/import", reference.take_in, name="reference-import"),
    path("reference/proposals/<int:pk>/confirm", reference.confirm, name="reference-confirm"),
    path("reference/proposals/<int:pk>/cancel", reference.cancel, name="reference-cancel"),
    path("reference/history/<int:pk>", reference.changes, name="reference-changes"),
    path("reference/history/<int:pk>/back", reference.put_back, name="reference-back"),
    path("reference/versions/<int:pk>/<str:table>.csv", reference.export, name="reference-export"),
    path("reference/batches/<int:pk>/recheck", reference.recheck, name="reference-recheck"),
    path("scheme", scheme.scheme, name="scheme"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke", tokens.revoke, name="token-revoke"),
    path("api/", api.urls),
]
