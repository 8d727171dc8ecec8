"""Pages of the register: list, licence, what is overdue, forms of the acts, receipts."""

from __future__ import annotations

from django.urls import path

from penholder.register.web.acts import act_urls
from penholder.register.web.licence import choose_line, licence_page, more_lines
from penholder.register.web.listing import overdue_list, register_list
from penholder.register.web.receipts import act_page, proof_file

urlpatterns = [
    path("register", register_list, name="register"),
    path("register/overdue", overdue_list, name="register-overdue"),
    *act_urls(),
    path("register/<str:public_id>", licence_page, name="licence"),
    path("register/<str:public_id>/lines", more_lines, name="register-lines"),
    path("register/<str:public_id>/choose-line-to/<str:act>", choose_line, name="register-choose-line"),
    path("register/<str:public_id>/acts/<str:run>", act_page, name="register-act"),
    path("register/<str:public_id>/acts/<str:run>/<int:place>", proof_file, name="register-proof"),
]
