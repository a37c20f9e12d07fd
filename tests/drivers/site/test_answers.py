"""What a server says, and the error it becomes."""

from __future__ import annotations

import json
import socket
import time

import pytest

from kiosk import errors
from provisioning.rig.site.credentials import make_credentials

EVENT = "01920000-0000-7000-8000-000000000001"


def deliver(site, timeout_s=2.0):
    return site.deliver(EVENT, b'{"resourceType": "Bundle"}', timeout_s)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, errors.SiteRefused),
        (401, errors.SiteTokenRefused),
        (403, errors.SiteTokenRefused),
        (404, errors.SiteRefused),
        (405, errors.SiteSpokeNonsense),
        (408, errors.SiteBusy),
        (409, errors.SiteStillWorking),
        (412, errors.SiteFindsSeveral),
        (413, errors.SiteSpokeNonsense),
        (422, errors.SiteRefused),
        (425, errors.SiteBusy),
        (429, errors.SiteBusy),
        (500, errors.SiteFailed),
        (502, errors.SiteFailed),
        (503, errors.SiteBusy),
        (504, errors.SiteFailed),
        (302, errors.SiteSpokeNonsense),
    ],
)
def test_status_becomes_its_error(server, site_for, status, error):
    site = site_for(server(status).settings())
    with pytest.raises(errors.SiteError) as raised:
        deliver(site)
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [("7", 7.0), ("99999", 3600.0), ("soon", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(server, site_for, value, wait_s):
    site = site_for(server(503, Retry_After=value).settings())
    with pytest.raises(errors.SiteBusy) as raised:
        deliver(site)
    assert raised.value.retry_after_s == wait_s


def test_issue_code_is_kept_for_the_technician_and_free_text_is_not(server, site_for):
    outcome = {"resourceType": "OperationOutcome", "issue": [{"code": "structure", "diagnostics": "098185004127"}]}
    site = site_for(server(422, json.dumps(outcome).encode()).settings())
    with pytest.raises(errors.SiteRefused) as raised:
        deliver(site)
    assert str(raised.value) == "HTTP 422 structure"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>Please sign in", "text/html"),
        (b"<html>Please sign in", "application/fhir+json"),
        (b'{"resourceType": "Bundle", "type": "transaction-response"}', "application/fhir+json"),
        (b"", "application/fhir+json"),
    ],
)
def test_success_that_is_no_transaction_response_is_nonsense(server, site_for, body, kind):
    site = site_for(server(200, body, kind=kind).settings())
    with pytest.raises(errors.SiteSpokeNonsense):
        deliver(site)


def test_answer_larger_than_any_that_makes_sense_is_cut_off(server, site_for):
    site = site_for(server(200, b" " * (5 * 1024 * 1024)).settings())
    with pytest.raises(errors.SiteSpokeNonsense):
        deliver(site)


def test_server_that_takes_the_request_and_says_nothing_times_out(server, site_for):
    site = site_for(server(reply=lambda handler: time.sleep(0.3)).settings())
    with pytest.raises(errors.SiteTimedOut):
        deliver(site, timeout_s=0.15)


def test_answer_that_comes_drop_by_drop_ends_at_the_deadline(server, site_for):
    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "10000")
        handler.end_headers()
        for _ in range(100):  # each drop within the socket's own time-out, all of them together not
            handler.wfile.write(b" ")
            time.sleep(0.02)

    site = site_for(server(reply=drip).settings())
    with pytest.raises(errors.SiteTimedOut):
        deliver(site, timeout_s=0.3)


def test_connection_that_breaks_before_the_answer_is_an_answer_lost(server, site_for):
    site = site_for(server(reply=lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)).settings())
    with pytest.raises(errors.SiteAnswerLost):
        deliver(site)


def test_connection_that_breaks_within_the_answer_is_an_answer_lost(server, site_for):
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "10000")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    site = site_for(server(reply=half).settings())
    with pytest.raises(errors.SiteAnswerLost):
        deliver(site)


def test_nobody_at_the_address_is_unreachable(server, site_for):
    settings = server().settings()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    site = site_for(settings.model_copy(update={"base_url": f"https://127.0.0.1:{port}/fhir"}))
    with pytest.raises(errors.SiteUnreachable):
        deliver(site)


def test_certificate_of_another_ca_is_not_trusted(server, site_for, tmp_path):
    other = make_credentials(tmp_path / "other")
    with pytest.raises(errors.SiteNotTrusted):
        deliver(site_for(server().settings(ca_file=other.ca_file)))


def test_certificate_for_another_host_is_not_trusted(server, site_for):
    with pytest.raises(errors.SiteNotTrusted):
        deliver(site_for(server(host="127.0.0.2").settings()))  # the certificate is for 127.0.0.1


def test_environment_cannot_change_whom_the_kiosk_trusts_or_where_it_goes(server, site_for, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    with pytest.raises(errors.SiteRefused):
        deliver(site_for(server(404).settings()))


def test_redirect_is_not_followed(server, site_for):
    there = server()
    here = server(307, Location=f"{there.address}/fhir")
    with pytest.raises(errors.SiteSpokeNonsense):
        deliver(site_for(here.settings()))
    assert there.requests == []


def test_site_that_is_not_r4_is_found_out_before_anything_is_sent(server, site_for, reply):
    anything = server()
    statement = {"resourceType": "CapabilityStatement", "fhirVersion": "5.0.0", "format": ["json"], "rest": []}
    anything.metadata = reply(200, json.dumps(statement).encode())
    with pytest.raises(errors.SiteNotSuitable):
        deliver(site_for(anything.settings()))
    assert [path for _, path, _, _ in anything.requests] == ["/fhir/metadata"]


def test_no_error_repeats_what_was_sent_or_where(server, site_for):
    site = site_for(server(500, b"098185004127").settings())
    with pytest.raises(errors.SiteFailed) as raised:
        site.deliver(EVENT, b'"098185004127"', 2.0)
    chain = [raised.value, raised.value.__cause__]
    assert not any("098185004127" in str(error) or "127.0.0.1" in str(error) for error in chain)
