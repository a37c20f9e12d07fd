"""The inspection: an ordered read of the chip, each step named for what is proven once it has run.

ICAO Doc 9303-11 §3 and BSI TR-03135-1 order the protocols; within that the visitor's name comes first and the
portrait, four fifths of all bytes, last. DG3 (fingerprints) is never asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from kiosk.emrtd import chip_authentication, dg1, dg2, dg13, passive_authentication, security_infos, sod, tlv
from kiosk.emrtd.access import OpenedChip, open_chip
from kiosk.emrtd.channel import Channel
from kiosk.emrtd.chip_authentication import ProofRefused, ProofWrong
from kiosk.emrtd.csca import TrustStore
from kiosk.emrtd.dg1 import CitizenCard
from kiosk.emrtd.dg13 import Dg13Field
from kiosk.emrtd.document_files import DocumentFiles
from kiosk.emrtd.lds import EXTENDED_BLOCKS, SHORT_BLOCKS, FileReader, LdsFile
from kiosk.emrtd.public_keys import UnusableKey
from kiosk.emrtd.reasons import Reason, verdict_on
from kiosk.emrtd.report import InspectionProgress, InspectionReport
from kiosk.emrtd.security_infos import SecurityInfos
from kiosk.emrtd.signatures import UnusableAlgorithm
from kiosk.emrtd.sod import SecurityObject
from kiosk.errors import (
    AccessKeyInsufficient,
    CardAnswerInvalid,
    CardNotSupported,
    CardSwapped,
    CardUnresponsive,
    FileAbsent,
    FileRefused,
    PortraitInvalid,
    SecureMessagingBroken,
    WrongAccessKey,
)
from kiosk.identity.unfinished_reading import UnfinishedReading
from kiosk.identity.verdict import DocumentVerdict
from kiosk.session import AccessKeys

if TYPE_CHECKING:
    from kiosk.ports import Transceiver

Notify = Callable[[InspectionProgress], None]

KEPT_OF_DG13 = frozenset({Dg13Field.NAME})
"""All that this kiosk's services need of DG13."""
_HASH_WRONG = {
    LdsFile.DG1: Reason.DG1_HASH_WRONG,
    LdsFile.DG2: Reason.DG2_HASH_WRONG,
    LdsFile.DG13: Reason.DG13_HASH_WRONG,
    LdsFile.DG14: Reason.DG14_HASH_WRONG,
}


def inspect(
    card: Transceiver,
    access_keys: AccessKeys,
    trust: TrustStore,
    *,
    today: date | None,
    on_progress: Notify,
    unfinished: UnfinishedReading | None = None,
) -> InspectionReport:
    """Open, read and judge the document on the reader; `today` is None without a trusted clock.

    Whole files are kept in `unfinished`; given again with the same card and keys, the reading goes on from there.
    `on_progress` hears of a stage again when a reading goes on, and when it starts over in short blocks.
    Raises: CardRemoved, CardUnresponsive, ReaderUnavailable; WrongAccessKey, AccessKeyInsufficient, CardSwapped,
    CardNotSupported, ChipFailed, SecureMessagingBroken, CardAnswerInvalid. What `on_progress` raises goes through.
    """
    channel, reading = Channel(card), unfinished or UnfinishedReading()
    opened = _open(channel, access_keys, reading)

    def run(blocks: tuple[int, ...]) -> InspectionReport:
        files = DocumentFiles(FileReader(channel, blocks), reading)
        return _Inspection(channel, opened, files, trust, today, on_progress).run()

    if opened.card_access.takes_extended_length:
        try:
            return run(EXTENDED_BLOCKS)
        except (CardUnresponsive, SecureMessagingBroken):
            # Three in four readers carry at most 271 bytes (gmrtd#457) and some chips refuse long answers
            # outside the session: once more in a new session, in short blocks.
            channel.drop_session()
            opened = open_chip(channel, access_keys)
    return run(SHORT_BLOCKS)


def _open(channel: Channel, access_keys: AccessKeys, reading: UnfinishedReading) -> OpenedChip:
    """Open the chip; keys that opened it before and do not now were never typed wrong: this is another card."""
    try:
        return open_chip(channel, access_keys)
    except (WrongAccessKey, AccessKeyInsufficient, CardNotSupported) as error:
        if reading.was_opened:
            raise CardSwapped(f"the keys do not open it any more: {error}") from error
        raise
    finally:
        reading.was_opened = reading.was_opened or channel.is_protected


class _Inspection:
    """One reading of an opened chip; its findings gather in `_reasons`."""

    def __init__(
        self,
        channel: Channel,
        opened: OpenedChip,
        files: DocumentFiles,
        trust: TrustStore,
        today: date | None,
        on_progress: Notify,
    ) -> None:
        self._channel, self._opened, self._files = channel, opened, files
        self._trust, self._today, self._on_progress = trust, today, on_progress
        self._reasons: list[Reason] = [] if today else [Reason.NO_TRUSTED_CLOCK]
        self._issuer_is_trusted = self._chip_is_proven = False

    def run(self) -> InspectionReport:
        """The steps, in order."""
        self._files.recognise()
        self._done("access")
        contents, claimed = self._read_holder()
        self._done("dg1", claimed.mrz.name)
        security_object = self._authenticate_issuer()
        self._authenticate_file(security_object, LdsFile.DG1, contents)
        name = self._authenticated_vietnamese_name(security_object) or claimed.mrz.name
        self._done("dg13")
        infos = self._authenticated_chip_description(security_object)
        if infos:
            self._compare_with_offered_access(infos)
            self._prove_chip(infos)
        self._done("dg14")
        portrait = self._authenticated_portrait(security_object)
        self._done("dg2")
        report = self._report(claimed, name, portrait)
        self._done("authenticity")
        return report

    def _done(self, stage: str, name: str | None = None) -> None:
        self._on_progress(InspectionProgress(stage, name))

    @property
    def _verdict(self) -> DocumentVerdict:
        return verdict_on(
            self._reasons, issuer_is_trusted=self._issuer_is_trusted, chip_is_proven=self._chip_is_proven
        )

    def _read_holder(self) -> tuple[bytes, CitizenCard]:
        contents = self._files.read(LdsFile.DG1)
        claimed = dg1.parse(contents)
        if claimed.date_of_birth_is_partial:
            self._reasons.append(Reason.BIRTH_DATE_PARTIAL)
        return contents, claimed

    def _authenticate_issuer(self) -> SecurityObject:
        """EF.SOD's list of hashes. EF.COM's unsigned list is never consulted, so nothing can be hidden there."""
        security_object = sod.parse(self._files.read(LdsFile.SOD))
        findings = passive_authentication.authenticate(security_object, self._trust, self._today)
        self._reasons += findings.reasons
        self._issuer_is_trusted = findings.issuer_is_trusted
        return security_object

    def _authenticate_file(self, security_object: SecurityObject, file: LdsFile, contents: bytes) -> bool:
        """Whether the raw bytes are the signed ones; re-encoding would change the hash (AndyQ#44).

        Raises: CardSwapped if they are those of the card that lay there before.
        """
        try:
            if security_object.matches(file.data_group, contents):
                return True
        except UnusableAlgorithm:
            self._reasons.append(Reason.ALGORITHM_NOT_TAKEN)
            self._issuer_is_trusted = False
            return False
        if self._files.has_changed(file):
            raise CardSwapped(f"another {file.name}")
        self._reasons.append(_HASH_WRONG[file])
        return False

    def _authenticated_vietnamese_name(self, security_object: SecurityObject) -> str | None:
        if not security_object.lists(LdsFile.DG13.data_group):
            self._reasons.append(Reason.DG13_ABSENT)
            return None
        try:
            contents = self._files.read(LdsFile.DG13)
        except (FileAbsent, FileRefused):
            self._reasons.append(Reason.DG13_UNREADABLE)
            return None
        if not self._authenticate_file(security_object, LdsFile.DG13, contents):
            return None
        try:
            return " ".join(dg13.parse(contents, KEPT_OF_DG13).get(Dg13Field.NAME, ())) or None
        except CardAnswerInvalid:
            # signed, but of a form not seen yet: the MRZ's name serves
            self._reasons.append(Reason.DG13_UNREADABLE)
            return None

    def _authenticated_chip_description(self, security_object: SecurityObject) -> SecurityInfos | None:
        """DG14, believed only under a trusted signature; None leaves the chip unproven."""
        if not self._issuer_is_trusted:
            return None
        if not security_object.lists(LdsFile.DG14.data_group):
            self._reasons.append(Reason.CHIP_PROOF_NOT_OFFERED)
            return None
        try:
            contents = self._files.read(LdsFile.DG14)
        except (FileAbsent, FileRefused):
            self._reasons.append(Reason.DG14_WITHHELD)
            return None
        if not self._authenticate_file(security_object, LdsFile.DG14, contents):
            return None
        return security_infos.parse(tlv.parse_one(contents, LdsFile.DG14.tag).value)

    def _compare_with_offered_access(self, infos: SecurityInfos) -> None:
        """EF.CardAccess is unsigned and read in the clear; the signed DG14 tells what it should have offered.

        Doc 9303-11 §4.4.5. Where the file could not be reached the same fall to BAC may be a quirk of the card
        (AndyQ#219) or an attack: then nothing is proven either way.
        """
        signed, offered = set(infos.pace), self._opened.card_access
        if not signed or signed == set(offered.infos.pace):
            return
        self._reasons.append(Reason.PACE_DOWNGRADED if offered.was_read else Reason.PACE_NOT_REACHED)

    def _prove_chip(self, infos: SecurityInfos) -> None:
        offer = chip_authentication.select(infos)
        if offer is None:
            is_offered = infos.chip_authentication or infos.chip_authentication_keys
            self._reasons.append(Reason.CHIP_PROOF_NOT_SPOKEN if is_offered else Reason.CHIP_PROOF_NOT_OFFERED)
            return
        try:
            chip_authentication.prove(self._channel, offer)
        except UnusableKey:
            self._reasons.append(Reason.CHIP_PROOF_NOT_SPOKEN)
        except ProofRefused:
            self._reasons.append(Reason.CHIP_PROOF_REFUSED)
        except ProofWrong:
            self._reasons.append(Reason.CHIP_PROOF_WRONG)
        else:
            self._chip_is_proven = True

    def _authenticated_portrait(self, security_object: SecurityObject) -> bytes | None:
        if self._verdict in (DocumentVerdict.FORGED, DocumentVerdict.ISSUER_NOT_TRUSTED):
            return None  # no face will be compared with it
        if not security_object.lists(LdsFile.DG2.data_group):
            self._reasons.append(Reason.PORTRAIT_ABSENT)
            return None
        try:
            contents = self._files.read(LdsFile.DG2)
        except (FileAbsent, FileRefused):
            self._reasons.append(Reason.DG2_WITHHELD)
            return None
        if not self._authenticate_file(security_object, LdsFile.DG2, contents):
            return None
        try:
            return dg2.portrait(contents)
        except PortraitInvalid:
            self._reasons.append(Reason.PORTRAIT_UNREADABLE)
            return None

    def _report(self, holder: CitizenCard, name: str, portrait: bytes | None) -> InspectionReport:
        is_expired = None
        if self._today:
            is_expired = holder.date_of_expiry is not None and holder.date_of_expiry < self._today
        return InspectionReport(
            verdict=self._verdict,
            reasons=tuple(self._reasons),
            access_protocol=self._opened.protocol,
            card_access_way=self._opened.card_access.way,
            citizen_number=holder.citizen_number,
            document_number=holder.mrz.document_number,
            name=name,
            date_of_birth=holder.date_of_birth,
            gender=holder.gender,
            date_of_expiry=holder.date_of_expiry,
            expired=is_expired,
            portrait=portrait,
        )
