"""Languages, told by script and small words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.data.balance.languages import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("English", "Where is the parcel that I ordered last week, and what does it cost?"),
        ("German", "Wo ist mein Paket, das ich gestern bestellt habe?"),
        ("French", "Bonjour, je voudrais annuler ma commande et être remboursé."),
        ("Spanish", "¿Dónde está mi pedido y cómo puedo cancelarlo?"),
        ("Italian", "Quanto costa la spedizione per il pacco?"),
        ("Portuguese", "Quanto custa o envio do pacote para o Brasil e não chegou?"),
        ("Dutch", "Hoeveel kost het om een pakket te versturen?"),
        ("Swedish", "Var är min beställning som jag gjorde i går?"),
        ("Danish", "Hvor er min bestilling som jeg ikke har fået?"),
        ("Polish", "Gdzie jest moja paczka i co się stało z nią?"),
        ("Turkish", "Siparişim ne zaman gelecek ve bu paket için ne kadar ödedim?"),
        ("Japanese", "注文をキャンセルしたいです"),
        ("Chinese", "我的订单在哪里"),
        ("Korean", "내 주문은 어디에 있나요"),
        ("Russian", "Где моя посылка"),
        ("Ukrainian", "Де моя посилка, її відправили і чи прийде вона"),
        ("Arabic", "أين طلبي"),
        ("Greek", "Πού είναι το δέμα μου"),
        ("English", "What does 'Где моя посылка' mean in the language that you and I are speaking to each other?"),
    ],
)
def test_the_language_of_a_sentence_is_told(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "reset password", "12 + 30 = 42", "-15*z - 18*z + 43*z - 140 = 0", "Müller GmbH & Co. KG"]
)
def test_what_is_too_short_or_no_sentence_has_no_language(text: str) -> None:
    assert language_of(text) is None


@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert isinstance(language_of(text), str | None)
