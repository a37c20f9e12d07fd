import json
import socket
import threading
import time
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest

from kiosk import messages as m
from kiosk import rpc
from kiosk.errors import CallRefused, CallTimedOut, ProcessAway, SettingsInvalid


class Counter(Protocol):
    def find_card_qr(self, message: m.FindCardQr) -> m.CardQrFound: ...
    def health(self, message: m.Nothing) -> m.VisionHealth: ...
    def look_up_insurance(self, message: m.LookUpInsurance) -> m.InsuranceAnswer: ...


class Service:
    def __init__(self) -> None:
        self.release = threading.Event()

    def find_card_qr(self, message: m.FindCardQr) -> m.CardQrFound:
        self.release.wait(10)
        return m.CardQrFound(session_id=message.session_id, payload="số|căn cước")

    def health(self, message: m.Nothing) -> m.VisionHealth:
        raise SettingsInvalid("098185004127 must not cross")

    def look_up_insurance(self, message: m.LookUpInsurance) -> m.InsuranceAnswer:
        return m.InsuranceAnswer(state="valid", card_number=message.person.name)


class Broken(Service):
    def health(self, message: m.Nothing) -> m.VisionHealth:
        raise ZeroDivisionError("Nguyễn Thị Ngọc Lan")


@pytest.fixture
def service(tmp_path: Path):
    service = Service()
    with rpc.Server(Counter, service, tmp_path / "s.sock"):
        yield service, tmp_path / "s.sock"


def test_a_call_takes_a_message_and_returns_one(service) -> None:
    running, path = service
    running.release.set()
    question = m.FindCardQr(session_id=uuid4(), timeout_s=1)
    assert rpc.client(Counter, path).find_card_qr(question).payload == "số|căn cước"


def test_vietnamese_letters_cross_both_ways(service) -> None:
    person = m.Person(
        citizen_number="098185004127", name="Nguyễn Thị Ẳ", date_of_birth="1985-04-12", gender="female"
    )
    question = m.LookUpInsurance(session_id=uuid4(), person=person)
    assert rpc.client(Counter, service[1]).look_up_insurance(question).card_number == "Nguyễn Thị Ẳ"


def test_an_error_crosses_by_its_code_and_without_its_text(service) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        rpc.client(Counter, service[1]).health(m.Nothing())
    assert "098185004127" not in str(caught.value)


def test_an_unforeseen_error_is_a_refusal_that_names_nobody(tmp_path: Path, capsys) -> None:
    with rpc.Server(Counter, Broken(), tmp_path / "s.sock"), pytest.raises(CallRefused):
        rpc.client(Counter, tmp_path / "s.sock").health(m.Nothing())
    logged = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert logged["event"] == "call_failed"
    assert "Lan" not in json.dumps(logged, ensure_ascii=False)


def test_a_call_that_takes_too_long_times_out_by_its_own_deadline(service, monkeypatch) -> None:
    monkeypatch.setattr(rpc, "DEADLINE_MARGIN_S", 0.0)
    began = time.monotonic()
    with pytest.raises(CallTimedOut):
        rpc.client(Counter, service[1]).find_card_qr(m.FindCardQr(session_id=uuid4(), timeout_s=0.1))
    service[0].release.set()
    assert time.monotonic() - began < 5


def test_a_process_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProcessAway):
        rpc.client(Counter, tmp_path / "nobody.sock").health(m.Nothing())


def test_a_message_with_an_unknown_field_is_refused(service) -> None:
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(service[1]))
        raw.sendall(b'POST /health HTTP/1.1\r\nHost: k\r\nContent-Length: 12\r\n\r\n{"name": 42}')
        with raw.makefile("rb") as answer:
            assert b"call_refused" in answer.read()


def test_the_socket_belongs_to_its_user_alone(service) -> None:
    assert service[1].stat().st_mode & 0o777 == 0o600
