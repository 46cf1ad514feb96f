"""Personal data in a text: addresses, phone, card and account numbers. Only what can be told with some certainty.

E-mail     an address at a domain that can exist. Left out: domains kept for examples (RFC 2606, 6761, and those of
           Microsoft's documents), and addresses of a function (RFC 2142: info@, support@, …), which are nobody's.
Phone      a number with its country's code, or as North America writes it (212-456-7890), if phonenumbers finds it
           valid; or digits after a word that says so (Tel., phone …). Left out: free and premium numbers, which are
           nobody's, and those kept for films. A number in national form without such a word is not found.
Card       13 to 19 digits that begin and end (Luhn) as a network's do, but no network's test number.
IBAN       by its checksum and its country's form, but not the ones of manuals.
SSN        of the US, only where the text calls it so: its form alone is that of too much else.

Names and postal addresses are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LOCAL = re.compile(r"[\w.%+'-]{1,64}")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}(?P<top>[A-Za-z]{2,24})(?![\w-]|\.\w)")
_TOPS = frozenset(
    """
    com org net edu gov mil int info biz name pro aero coop museum jobs mobi travel xyz app dev cloud online site shop
    tech email agency company store blog live world today group team digital media solutions services systems network
    center health care school university bank law legal consulting ventures berlin hamburg wien london paris
    """.split()  # noqa: SIM905  # One word a line would take pages.
)
_EXAMPLE_DOMAIN = re.compile(
    r"(?i)(?:^|\.)(?:example(?:\.[a-z]{2,3}){0,2}|[a-z0-9-]*example[a-z0-9-]*\.[a-z]+|test|invalid|localhost|local|internal"
    r"|(?:test|domain|yourdomain|mydomain|company|yourcompany|mycompany|acme|email|website|somewhere|foo|bar|abc|xyz)\.(?:com|org|net)"
    r"|(?:contoso|fabrikam|adventure-works|northwindtraders|tailspintoys|wingtiptoys|proseware|litware|woodgrovebank"
    r"|cohowinery|fourthcoffee|relecloud|treyresearch|wideworldimporters|adatum)[a-z]*\.(?:com|net|org|onmicrosoft\.com))$"
)
_FUNCTION = frozenset(
    """
    abuse accounting accounts admin administrator billing careers contact customer customercare customerservice
    feedback finance ftp git hello help helpdesk hostmaster hr info inquiries jobs legal mail marketing media news
    newsletter no-reply noreply do-not-reply donotreply notifications office orders postmaster press privacy
    recruiting returns root sales security service services shop subscribe support team unsubscribe webmaster www
    kontakt vertrieb buchhaltung user username you your.name yourname name someone somebody me myname
    firstname.lastname john.doe johndoe jane.doe janedoe email your.email youremail your-email test
    """.split()  # noqa: SIM905  # One word a line would take pages.
)
_INTERNATIONAL = re.compile(r"(?<![\w+])\+[1-9][\d ().\-/]{6,20}\d(?!\d)")
_DECIMAL = re.compile(r"\+\d+\.\d+")
_AMERICAN = re.compile(
    r"(?<![\w+./=-])(?<![\d)] )(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d(?P<sep>[-.]))"
    r"[2-9]\d\d(?(sep)(?P=sep)|[-. ])\d{4}(?![\w/*=-]| [=*/+-]|\.\d)"
)
_LABELS = ("tel", "tél", "phone", "mobil", "cell", "handy", "fax")
_LABELLED = re.compile(
    r"(?<![a-z])(?:tel|telefon|telefono|teléfono|telephone|phone|mobile|mobil|mobiltelefon|cell|handy|fax|tél)"
    r"(?: ?(?:no|nr|number|nummer))?[.:]{0,2} {0,2}(?P<number>\(?0[\d ()\-/.]{7,16}\d)(?!\d)"
)
_CARD = re.compile(
    r"(?<![\w.,$€£+*/=-])(?<!\d )[2-6]\d{3}(?P<sep>[ -]?)"
    r"(?:\d{4}(?P=sep)\d{4}(?P=sep)\d{1,7}|\d{6}(?P=sep)\d{4,5})(?![\w*/=-]|[.,]\d)"
)
_NETWORKS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_SSN = re.compile(r"(?:\bssn\b|social[ -]security)[^0-9]{0,40}(?P<number>\d{3}-\d{2}-\d{4})(?![\d-])")
_TEST_CARDS = frozenset(
    # As Stripe's, PayPal's and Adyen's pages on testing print them.
    """
    4111111111111111 4242424242424242 4000056655665556 4012888888881881 4222222222222 5555555555554444
    5105105105105100 2223003122003222 5200828282828210 378282246310005 371449635398431 378734493671000
    6011111111111117 6011000990139424 6011981111111113 3056930009020004 36227206271667 30569309025904 38520000023237
    6555900000604105 3566002020360505 3530111333300000 6200000000000005 4000000000000002 4000000000000077
    4532015112830366 4539578763621486 4916338506082832 5500000000000004 340000000000009 30000000000004
    6011000000000004 3088000000000009 4012000033330026 4988438843884305 2222400070000005 370000000000002
    """.split()  # noqa: SIM905  # One word a line would take pages.
)
_MANUAL_IBANS = frozenset(
    # From Wikipedia's and SWIFT's pages on the IBAN.
    """
    DE89370400440532013000 GB82WEST12345698765432 GB29NWBK60161331926819 GB33BUKB20201555555555
    FR1420041010050500013M02606 FR7630006000011234567890189 CH9300762011623852957 AT611904300234573201
    NL91ABNA0417164300 ES9121000418450200051332 IT60X0542811101000000123456 BE68539007547034
    PL61109010140000071219812874 SE4550000000058398257466 NO9386011117947 DK5000400440116243 FI2112345600000785
    IE29AIBK93115212345678 PT50000201231234567890154 LU280019400644750000 DE91100000000123456789
    DE75512108001245126199 DE12500105170648489890 SA0380000000608010167519 GR9608100010000001234567890
    BR1500000000000010932840814P2
    """.split()  # noqa: SIM905  # One word a line would take pages.
)


def emails_in(text: str) -> Iterator[str]:
    """Each address, masked: its first letter and its domain."""
    at = text.find("@")
    while at >= 0:
        local, domain = _LOCAL.match(text[max(at - 64, 0) : at][::-1]), _DOMAIN.match(text, at + 1, at + 255)
        if local is not None and domain is not None:
            name = local[0][::-1].strip(".'-%")
            in_address = "//" in text[max(at - 80, 0) : at - len(local[0])].rpartition(" ")[2]
            if name and name[0].isalnum() and not in_address and _is_persons(name, domain[0], domain["top"].lower()):
                yield _masked_email(name, domain[0])
        at = text.find("@", at + 1)


def _masked_email(name: str, domain: str) -> str:
    return f"{name[0] if len(name) > 1 else ''}***@{domain}"


def _is_persons(name: str, domain: str, top: str) -> bool:
    if len(top) > 2 and top not in _TOPS:
        return False
    return name.lower() not in _FUNCTION and _EXAMPLE_DOMAIN.search(domain) is None


def phones_in(text: str) -> Iterator[str]:
    """Each phone number, masked: the code of its country, if it has one, and the last two digits."""
    for found in _INTERNATIONAL.finditer(text):
        masked = None if _DECIMAL.fullmatch(found[0]) else _valid_phone(found[0], None)
        if masked is not None:
            yield masked
    for found in _AMERICAN.finditer(text):
        masked = _valid_phone(found[0], "US")
        if masked is not None:
            yield masked
    lower = text.lower()
    for found in _LABELLED.finditer(lower) if any(label in lower for label in _LABELS) else ():
        digits = _digits(found["number"])
        if 9 <= len(digits) <= 13 and len(set(digits)) > 4 and "0123456" not in digits and "1234567" not in digits:
            yield f"0… {digits[-2:]}"


def _valid_phone(given: str, region: str | None) -> str | None:
    import phonenumbers  # Not above: it takes 0.06 s, and most files have no candidate.

    try:
        number = phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.PhoneNumberType
    nobodys = {kind.TOLL_FREE, kind.PREMIUM_RATE, kind.SHARED_COST, kind.UAN}
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in nobodys:
        return None
    national = str(number.national_number)
    if _is_fiction(number.country_code or 0, national) or len(set(national)) <= 3 or "12345" in national:
        return None
    return f"+{number.country_code} … {national[-2:]}"


def _is_fiction(country: int, national: str) -> bool:
    """Numbers for films: 555 of the NANPA, and those of Ofcom, ACMA, ARCEP and the Bundesnetzagentur."""
    kept: dict[int, tuple[str, ...]] = {
        1: (),
        33: ("19900", "26191", "35301", "46571", "53649", "63998"),
        44: (
            "2079460",
            "7700900",
            "1632960",
            "1134960",
            "1144960",
            "1154960",
            "1164960",
            "1174960",
            "1184960",
            "1214960",
        ),
        49: ("3023125", "6990009", "4066969", "2214710", "8999998", "1715391", "1765040"),
        61: ("255501", "255701", "355501", "755501", "855501", "49157"),
    }
    return (country == 1 and national[3:6] == "555") or national.startswith(kept.get(country, ()) or "-")


def cards_in(text: str) -> Iterator[str]:
    """Each number of a payment card, masked: its last four digits."""
    for found in _CARD.finditer(text):
        digits = _digits(found[0])
        if digits not in _TEST_CARDS and len(set(digits)) > 3 and _NETWORKS.fullmatch(digits) and _luhn(digits):
            yield f"**** {digits[-4:]}"


def _luhn(digits: str) -> bool:
    import stdnum.luhn  # Not above: most files have no candidate.

    return bool(stdnum.luhn.is_valid(digits))


def ibans_in(text: str) -> Iterator[str]:
    """Each number of a bank account, masked: its country and the last four characters."""
    for found in _IBAN.finditer(text):
        value = _iban(found[0].split(" "))
        if value is not None and value not in _MANUAL_IBANS:
            yield f"{value[:2]}** **** {value[-4:]}"


def _iban(groups: list[str]) -> str | None:
    """The IBAN that the groups are, or begin with: a word in capitals may follow it."""
    import stdnum.iban  # Not above: most files have no candidate.

    for end in range(len(groups), 0, -1):
        value = "".join(groups[:end])
        if len(value) >= 15 and stdnum.iban.is_valid(value):
            return value
    return None


def ssns_in(text: str) -> Iterator[str]:
    """Each US social security number that the text calls one; nothing of it is shown."""
    lower = text.lower()
    for found in _SSN.finditer(lower) if "ssn" in lower or "social" in lower else ():
        import stdnum.us.ssn  # Not above: most files have no candidate.

        if stdnum.us.ssn.is_valid(found["number"]) and found["number"] not in (
            "123-45-6789",
            "078-05-1120",
            "219-09-9999",
        ):
            yield "***-**-****"


_ANY_EMAIL = re.compile(r"(?P<first>[\w%+])[\w.%+'-]{0,63}@(?P<domain>[\w.-]*)")
_ANY_DIGITS = re.compile(r"(?<![\w.])[+(]?\d(?:[ ().\-/]{0,2}\d){8,24}(?!\w)")
_ANY_IBAN = re.compile(
    r"(?<![A-Za-z0-9])(?P<country>[A-Z]{2})\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)


def without_personal(text: str) -> str:
    """The text for showing: whatever looks like an address or a long number is masked, be it valid or not."""
    if "@" in text:
        text = _ANY_EMAIL.sub(lambda found: f"***@{found['domain']}", text)
    text = _ANY_IBAN.sub(lambda found: f"{found['country']}** ****", text)
    return _ANY_DIGITS.sub("…", text)


def _digits(text: str) -> str:
    return "".join(char for char in text if char in "0123456789")
