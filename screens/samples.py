"""Made-up views of every kind, with the longest words they must hold: for the gallery and the tests."""

from __future__ import annotations

from typing import Any, get_args

from kiosk.face.quality import Coach
from kiosk.flows import events as e
from kiosk.flows.views import (
    Button,
    Camera,
    Choice,
    Choose,
    Form,
    Instruct,
    Outcome,
    Progress,
    Stage,
    View,
    Welcome,
    Words,
)
from screens import sample_slips

NAME = "Nguyễn Thị Ngọc Lan"
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Quỳnh Diễm Ngọc Ẩn"
CHILDS_NAME = "Trần Gia Bảo"
STAGES = ("access", "dg1", "dg13", "dg14", "dg2", "authenticity")
CHECK_IN, IDENTIFY = "clinic_check_in.", "identify."
COACHING = get_args(Coach)
"""Every word that helps a face into the picture."""
FACE_AGAIN = ("face_not_found", "two_faces", "face_picture_poor", "face_check_timeout")
CARD_FAULTS = ("reader_unavailable", "chip_not_proven", "clock_not_trusted", "issuer_not_trusted")
CAMERA_FAULTS = ("camera_frozen", "camera_dark", "face_inconclusive_light", "face_document_locked")

FIXED: dict[str, Any] = {"help": e.StaffChosen(), "cancel": e.CancelChosen()}
BACK: dict[str, Any] = {**FIXED, "back": e.BackChosen()}

DEPARTMENTS = (
    ("Khám tổng quát", "General medicine", "Phòng 101, tầng 1", "Room 101, floor 1", 12),
    ("Răng hàm mặt", "Dentistry", "Phòng 105, tầng 1", "Room 105, floor 1", 3),
    ("Tai mũi họng", "Ear, nose and throat", "Phòng 203, tầng 2", "Room 203, floor 2", 7),
    ("Mắt", "Eyes", "Phòng 204, tầng 2", "Room 204, floor 2", 0),
    ("Phục hồi chức năng và y học cổ truyền", "Rehabilitation and traditional medicine", "Nhà B", "Building B", 21),
    ("Nhi", "Children", "Phòng 110, tầng 1", "Room 110, floor 1", 9),
)


def words(key: str, **values: str) -> Words:
    """Words by key."""
    return Words(key=key, values=values)


def each(vi: str, en: str) -> Words:
    """A text that differs by language."""
    return Words(key="identify.plain", each={"text": {"vi": vi, "en": en}})


def desk(key: str) -> Words:
    """Words that name the staff desk."""
    return Words(key=key, each={"desk": {"vi": "quầy tiếp đón", "en": "the reception desk"}})


def button(name: str, key: str, event: e.Event, style: Any = "primary") -> Button:
    """A button at the foot."""
    return Button(id=name, words=words(key), event=event, style=style)


def welcome() -> View:
    """The first screen."""
    return Welcome(
        step="Welcome",
        title=words(CHECK_IN + "welcome.title"),
        lines=(words(CHECK_IN + "welcome.line"),),
        start=button("start", CHECK_IN + "welcome.start", e.Started()),
        needs=(words(CHECK_IN + "welcome.need_card"), words(CHECK_IN + "welcome.need_time")),
    )


def consent() -> View:
    """Nothing is read before this."""
    return Instruct(
        step="AskConsent",
        title=words(IDENTIFY + "consent.title"),
        lines=tuple(words(f"{IDENTIFY}consent.line{number}") for number in (1, 2, 3, 4)),
        picture="shield",
        buttons=(
            button("accept", IDENTIFY + "consent.accept", e.ConsentGiven()),
            button("decline", IDENTIFY + "consent.decline", e.ConsentDeclined(), "quiet"),
        ),
        part=(1, 4),
        **FIXED,
    )


def access_choices() -> tuple[Choice, ...]:
    """Two ways to open the chip."""
    ways = (("qr", "card_qr", e.UseQrChosen()), ("digits", "card_digits", e.UseDigitsChosen()))
    return tuple(
        Choice(
            id=name,
            words=words(f"{IDENTIFY}access.{name}"),
            detail=words(f"{IDENTIFY}access.{name}_detail"),
            event=event,
            icon=icon,
        )
        for name, icon, event in ways
    )


def access() -> View:
    """How the visitor's own card is opened."""
    title = words(IDENTIFY + "access.title")
    return Choose(step="ChooseAccess", title=title, choices=access_choices(), part=(1, 4), **BACK)


def carers_card() -> View:
    """A child's card was read."""
    label = IDENTIFY + "carers_card."
    return Choose(
        step="AskCarersCard",
        title=words(label + "title"),
        lines=(words(label + "line"), words(IDENTIFY + "childs_card.line2")),
        choices=access_choices(),
        buttons=(button("nobody", label + "nobody", e.Declined(), "quiet"),),
        part=(2, 4),
        **FIXED,
    )


def childs_card() -> View:
    """The carer is verified."""
    label = IDENTIFY + "childs_card."
    return Choose(
        step="AskChildsCard",
        title=words(label + "title"),
        lines=(words(label + "line1"), words(label + "line2")),
        choices=access_choices(),
        part=(3, 4),
        **BACK,
    )


def digits(notice: str | None = None) -> View:
    """The number pad."""
    return Form(
        step="EnterDigits",
        title=words(IDENTIFY + "digits.title"),
        lines=(words(IDENTIFY + "digits.where"),),
        digits=6,
        on_submit=e.DigitsEntered,
        notice=desk(notice) if notice else None,
        picture="card_digits",
        buttons=(button("qr", IDENTIFY + "access.qr", e.UseQrChosen(), "quiet"),),
        part=(2, 4),
        **BACK,
    )


def card_qr() -> View:
    """The card before the camera."""
    return Camera(
        step="ScanQr",
        target="card_qr",
        title=words(IDENTIFY + "qr.title"),
        prompt=words(IDENTIFY + "qr.prompt"),
        buttons=(button("digits", IDENTIFY + "access.digits", e.UseDigitsChosen(), "quiet"),),
        part=(2, 4),
        **BACK,
    )


def lay_card(area: str = "lay_card", title: str = "title", picture: Any = "card_on_reader") -> View:
    """The card goes onto the reader."""
    return Instruct(
        step="LayCard",
        title=words(f"{IDENTIFY}{area}.{title}"),
        lines=(words(f"{IDENTIFY}{area}.line"),),
        picture=picture,
        part=(2, 4),
        **BACK,
    )


def qr_needed() -> View:
    """A card that digits do not open."""
    label = IDENTIFY + "qr_needed."
    return Instruct(
        step="AskForQr",
        title=words(label + "title"),
        lines=(words("errors.access_key_insufficient.reason"), words(label + "line")),
        picture="card_qr",
        buttons=(
            button("qr", IDENTIFY + "access.qr", e.UseQrChosen()),
            button("staff", label + "staff", e.StaffChosen(), "quiet"),
        ),
        part=(2, 4),
        **FIXED,
    )


def put_back() -> View:
    """The card left too early."""
    return Instruct(
        step="PutCardBack",
        title=words(IDENTIFY + "put_back.title"),
        lines=(words(IDENTIFY + "put_back.line"),),
        picture="card_on_reader",
        part=(2, 4),
        **FIXED,
    )


def another_card() -> View:
    """Not the card that was taken away."""
    return Outcome(
        step="AnotherCard",
        mood="attention",
        title=words(IDENTIFY + "another_card.title"),
        lines=(desk("errors.card_swapped.reason"), desk("errors.card_swapped.next_step")),
        buttons=(button("again", IDENTIFY + "another_card.again", e.Confirmed()),),
    )


def reading(at: int = 3, name: str | None = NAME) -> View:
    """The chip is read."""
    states = ["done" if index < at else "running" if index == at else "waiting" for index in range(len(STAGES))]
    return Progress(
        step="ReadingChip",
        title=words(IDENTIFY + "reading.title"),
        lines=(words(IDENTIFY + "reading.keep_card"),),
        stages=tuple(
            Stage.model_validate({"words": words(f"{IDENTIFY}reading.{stage}"), "state": state})
            for stage, state in zip(STAGES, states, strict=True)
        ),
        greeting=words(IDENTIFY + "reading.greeting", name=name) if name else None,
        part=(2, 4),
        **FIXED,
    )


def face_intro() -> View:
    """What the face check will ask."""
    return Instruct(
        step="ExplainFaceCheck",
        title=words(IDENTIFY + "face_intro.title"),
        lines=tuple(words(f"{IDENTIFY}face_intro.line{number}") for number in (1, 2, 3, 4)),
        picture="person",
        buttons=(
            button("begin", IDENTIFY + "face_intro.begin", e.Confirmed()),
            button("cannot", IDENTIFY + "face_intro.cannot", e.StaffChosen(), "quiet"),
        ),
        part=(3, 4),
        **FIXED,
    )


def face(kind: str = "turn_left", number: int = 3, **more: Any) -> View:
    """The face check."""
    return Camera(
        step="CheckingFace",
        title=words(IDENTIFY + "face.title"),
        prompt=words(f"{IDENTIFY}face.{kind}"),
        number=number,
        part=(3, 4),
        **{"progress": 0.4, **more},
        **FIXED,
    )


def camera_restarting(view: View) -> View:
    """The same view while the camera's process is started again."""
    return view.model_copy(update={"prompt": words(IDENTIFY + "camera_restarting")})


def face_again(code: str) -> View:
    """The check did not come to an end."""
    return Instruct(
        step="FaceAgain",
        title=words(IDENTIFY + "face_again.title"),
        lines=(desk(f"errors.{code}.reason"), words(f"errors.{code}.try_again")),
        picture="person",
        buttons=(
            button("again", IDENTIFY + "face_again.again", e.Confirmed()),
            button("staff", IDENTIFY + "face_again.staff", e.StaffChosen(), "quiet"),
        ),
        part=(3, 4),
        **FIXED,
    )


def is_this_you(name: str = NAME, born: str = "1985") -> View:
    """The holder's own yes."""
    label = IDENTIFY + "is_this_you."
    return Instruct(
        step="IsThisYou",
        title=words(label + "title"),
        facts=(
            (words(label + "name"), words("identify.plain", text=name)),
            (words(label + "year_of_birth"), words("identify.plain", text=born)),
            (words(label + "number"), words("identify.plain", text="098 ••• ••• 127")),
        ),
        buttons=(
            button("yes", label + "yes", e.Confirmed()),
            button("no", label + "no", e.Declined(), "quiet"),
            button("for_child", label + "for_child", e.VisitForChildChosen(), "quiet"),
        ),
        part=(3, 4),
        **FIXED,
    )


def is_this_your_child() -> View:
    """A carer's yes, for both."""
    label, own = IDENTIFY + "is_this_your_child.", is_this_you(LONG_NAME)
    assert isinstance(own, Instruct)
    child = (
        (words(label + "child"), words("identify.plain", text=CHILDS_NAME)),
        (words(label + "child_year_of_birth"), words("identify.plain", text="2022")),
    )
    return own.model_copy(
        update={
            "title": words(label + "title"),
            "facts": (*own.facts, *child),
            "buttons": _yes_or_no(label),
        }
    )


def is_this_the_child() -> View:
    """A carer's yes, for the child."""
    label, own = IDENTIFY + "is_this_the_child.", is_this_you(CHILDS_NAME, "2022")
    return own.model_copy(
        update={"step": "IsThisTheChild", "title": words(label + "title"), "buttons": _yes_or_no(label)}
    )


def _yes_or_no(label: str) -> tuple[Button, ...]:
    return (
        button("yes", label + "yes", e.Confirmed()),
        button("no", label + "no", e.Declined(), "quiet"),
    )


NOT_AS_HOPED = ("not_insured", "expired", "name_differs", "data_differs")
"""What a portal may say of an insurance; care goes on whatever it is."""


def insurance(state: str = "valid", area: str = "insurance.") -> View:
    """What the hospital knows."""
    label = CHECK_IN + area
    until = {"valid": "31/12/2027", "expired": "30/06/2026"}.get(state)
    facts = ((words(CHECK_IN + "insurance.valid_until"), words("identify.plain", text=until)),) if until else ()
    return Instruct(
        step="ShowInsurance",
        title=words(f"{label}{state}.title"),
        lines=(words(f"{label}{state}.line"),),
        picture="heart",
        facts=facts,
        buttons=(button("continue", "identify.continue", e.Confirmed()),),
        part=(4, 4),
        **FIXED,
    )


def departments(count: int = 6) -> View:
    """Up to six."""
    return Choose(
        step="ChooseDepartment",
        title=words(CHECK_IN + "department.title"),
        choices=tuple(
            Choice(
                id=f"department.{index}",
                words=each(vi, en),
                detail=Words(
                    key=CHECK_IN + "department.room_and_waiting",
                    values={"waiting": str(waiting)},
                    each={"text": {"vi": room_vi, "en": room_en}},
                ),
                event=e.OptionChosen(code=str(index)),
            )
            for index, (vi, en, room_vi, room_en, waiting) in enumerate(DEPARTMENTS[:count])
        ),
        part=(4, 4),
        **BACK,
    )


def confirm(name: str = LONG_NAME) -> View:
    """A last look."""
    label = CHECK_IN + "confirm."
    return Instruct(
        step="ConfirmVisit",
        title=words(label + "title"),
        facts=(
            (words(label + "name"), words("identify.plain", text=name)),
            (words(label + "department"), each(*DEPARTMENTS[4][:2])),
            (words(label + "room"), each(*DEPARTMENTS[0][2:4])),
            (words(label + "insurance"), words(CHECK_IN + "insurance.name_differs.short")),
            (words(label + "priority"), words(CHECK_IN + "priority.age_75_and_over")),
        ),
        buttons=(
            button("confirm", label + "yes", e.Confirmed()),
            button("change", label + "change", e.BackChosen(), "quiet"),
        ),
        part=(4, 4),
        **BACK,
    )


def confirm_child() -> View:
    """A last look at a child's visit."""
    label, own = CHECK_IN + "confirm.", confirm()
    assert isinstance(own, Instruct)
    people = (
        (words(label + "childs_name"), words("identify.plain", text=CHILDS_NAME)),
        (words(label + "carers_name"), words("identify.plain", text=LONG_NAME)),
    )
    first = (words(label + "priority"), words(CHECK_IN + "priority.under_6"))
    return own.model_copy(update={"facts": (*people, *own.facts[1:-1], first)})


def registered(label: str = "registered", mood: Any = "good") -> View:
    """The queue number."""
    return Outcome(
        step=label.title(),
        mood=mood,
        title=words(f"{CHECK_IN}{label}.title"),
        lines=(
            words(f"{CHECK_IN}{label}.next_step"),
            desk(f"{CHECK_IN}registered.slip"),
            words("identify.take_card"),
        ),
        big="A027",
        big_label=words(CHECK_IN + "registered.number"),
        facts=(
            (words(CHECK_IN + "confirm.department"), each(*DEPARTMENTS[2][:2])),
            (words(CHECK_IN + "confirm.room"), each(*DEPARTMENTS[2][2:4])),
            (words(CHECK_IN + "registered.ahead"), words("identify.plain", text="7")),
        ),
        buttons=(button("done", "identify.done", e.Confirmed()),),
    )


def staff(code: str = "document_expired") -> View:
    """A person helps on, because of an error."""
    return Outcome(
        step="AskStaff",
        mood="attention",
        title=words(IDENTIFY + "staff.title"),
        lines=(desk(f"errors.{code}.reason"), desk(f"errors.{code}.next_step"), words("identify.take_card")),
        buttons=(button("done", "identify.done", e.Confirmed()),),
    )


def refused() -> View:
    """It does not go on here."""
    title = words(IDENTIFY + "refused.title")
    return staff("document_forged").model_copy(update={"step": "Refused", "mood": "stop", "title": title})


def warned(view: View, seconds: int = 23) -> View:
    """The same view with the idle warning over it."""
    return view.model_copy(update={"idle_warning_s": seconds})


registered_in = sample_slips.registered_in

SAMPLES: dict[str, View] = {
    "welcome": welcome(),
    "consent": consent(),
    "access": access(),
    "digits_empty": digits(),
    "digits_four": digits(),
    "digits_wrong": digits(IDENTIFY + "digits.wrong"),
    "card_qr": card_qr(),
    "lay_card": lay_card(),
    "lay_card_other": lay_card("other_card", "title_of_child", "card_off_reader"),
    "qr_needed": qr_needed(),
    "put_back": put_back(),
    "another_card": another_card(),
    "carers_card": carers_card(),
    "childs_card": childs_card(),
    "reading": reading(),
    "reading_long_name": reading(5, LONG_NAME),
    "face_intro": face_intro(),
    "face_left": face(arrow="left"),
    "face_right": face("turn_right", 4, arrow="right", progress=0.6),
    **{f"face_coach_{word}": face(f"coach.{word}", 5, progress=0.1) for word in COACHING},
    "face_restarting": camera_restarting(face("flash", 0, progress=0.0)),
    "card_qr_restarting": camera_restarting(card_qr()),
    **{f"face_again_{code}": face_again(code) for code in FACE_AGAIN},
    "face_flash": face("flash", 6, colour=(255, 40, 40), progress=0.8),
    "is_this_you": is_this_you(),
    "is_this_you_long_name": is_this_you(LONG_NAME),
    "is_this_your_child": is_this_your_child(),
    "is_this_the_child": is_this_the_child(),
    "insurance_valid": insurance(),
    "insurance_child": insurance("not_verified_yet", "insurance_child."),
    "insurance_unknown": insurance("not_verified_yet"),
    **{f"insurance_{state}": insurance(state) for state in NOT_AS_HOPED},
    "departments_six": departments(),
    "departments_three": departments(3),
    "confirm": confirm(),
    "confirm_child": confirm_child(),
    "registered": registered(),
    "pending": registered("pending", "attention"),
    "staff": staff(),
    **{f"staff_{code}": staff(code) for code in CAMERA_FAULTS},
    **{f"staff_{code}": staff(code) for code in CARD_FAULTS},
    "refused": refused(),
    "idle_warning": warned(consent()),
    **sample_slips.SAMPLES,
}
"""Views by name; `digits_four` is drawn with four digits typed."""
