"""The rig's control page in Debian's Chromium, by the names and roles a technician or a screen reader meets."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from kiosk import messages as m
from kiosk.strings import text
from provisioning.rig import failures, people
from provisioning.rig.hall import Hall, HallState
from provisioning.rig.page import words
from provisioning.rig.page.picture import CHROMIUM, CHROMIUM_OPTIONS
from provisioning.rig.page.server import ControlPage, listen
from provisioning.rig.rig import Rig
from provisioning.rig.site import departments

SOON_MS = 60_000
"""On a machine that is busy with other things too."""
LAN = people.load("lan").card
DESK, HAND = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=SOON_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(rig: Rig) -> Iterator[str]:
    """The page of the running kiosk, which somebody keeps running."""
    over = threading.Event()

    def keep_running() -> None:
        while not over.wait(0.1):
            rig.kiosk.watch_once()

    keeper = threading.Thread(target=keep_running)
    keeper.start()
    with ControlPage(rig, Hall(rig, HallState(camera="nobody")), listen()) as page:
        yield page.url
    over.set()
    keeper.join()


def starting_with(words: str) -> re.Pattern[str]:
    return re.compile("^" + r"\s+".join(re.escape(word) for word in words.split()))


class Sheet:
    """The page open in one browser window."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self._texts = page, words.table(language)
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)

    def says(self, key: str, **values: object) -> str:
        found = self._texts
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values)

    def group(self, knob: str) -> Locator:
        return self.page.get_by_role("group", name=self.says(f"{knob}.title"), exact=True)

    def choice(self, knob: str, value: str) -> Locator:
        return self.group(knob).get_by_role("button", name=self.says(f"{knob}.values.{value}"), exact=True)

    def glass(self, name: str | re.Pattern[str]) -> Locator:
        """Something to touch on the picture of the kiosk's screen."""
        return self.page.get_by_role("group", name=self.says("page.glass")).get_by_role("button", name=name)

    def touch(self, key: str, language: str = "vi") -> None:
        """Touch what the kiosk's own words name."""
        self.glass(starting_with(text(language, key))).click(timeout=SOON_MS)

    def do(self, key: str) -> None:
        self.page.get_by_role("button", name=self.says(key), exact=True).click()

    @property
    def slips(self) -> Locator:
        return self.page.get_by_role("link", name=re.compile(self.says("kept.slip", number=r"\d+")))


OpenPage = Callable[..., Sheet]


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    opened: list[tuple[BrowserContext, Sheet]] = []

    def open_page(language: str = "vi", size: dict[str, int] = DESK) -> Sheet:
        context = browser.new_context(viewport=size)
        page = context.new_page()
        sheet = Sheet(page, language)
        page.goto(f"{address}?language={language}")
        expect(page.get_by_role("status")).to_have_text(sheet.says("kiosk.running"))
        opened.append((context, sheet))
        return sheet

    yield open_page
    troubles = []
    for context, sheet in opened:
        sheet.do("page.all_well")
        context.close()
        troubles += sheet.troubles
    assert not troubles


def test_a_whole_visit_is_played_by_hand_on_the_page_alone(open_page: OpenPage, rig: Rig) -> None:
    sheet = open_page()
    visits, slips = len(rig.site.encounters()), len(rig.printer.slips)
    sheet.choice("camera", "person").click()
    sheet.touch("clinic_check_in.welcome.start")
    sheet.touch("identify.consent.accept")
    sheet.touch("identify.access.digits")
    for digit in LAN.can:
        sheet.glass(digit).click()
    sheet.touch("kit.ok")
    expect(sheet.page.get_by_text(LAN.name + " cầm thẻ")).to_be_visible()
    sheet.do("hands.lay")
    expect(sheet.page.get_by_text(f"Thẻ của {LAN.name}")).to_be_visible()
    sheet.touch("identify.face_intro.begin")
    sheet.touch("identify.is_this_you.yes")
    sheet.touch("identify.continue")
    sheet.glass(starting_with(departments.load()["A"].name["vi"])).click()
    sheet.touch("clinic_check_in.confirm.yes")
    recorded = sheet.page.get_by_role("listitem").filter(has_text=LAN.name).first
    expect(recorded).to_contain_text("A0")
    expect(sheet.slips).to_have_count(slips + 1)
    slip = sheet.slips.first.get_by_role("img")
    assert slip.evaluate("image => image.decode().then(() => image.naturalWidth)") == rig.printer.slips[-1].width
    assert len(rig.site.encounters()) == visits + 1
    sheet.do("hands.take")


def test_without_paper_the_lamp_is_red_nobody_can_start_and_the_page_tells_why(open_page: OpenPage) -> None:
    sheet = open_page()
    lamps = sheet.group("panel")
    expect(lamps).to_contain_text(sheet.says("panel.free"))
    sheet.choice("printer", "out").click()
    expect(lamps).to_contain_text(sheet.says("panel.out_of_order"))
    expect(sheet.glass(starting_with(text("vi", "clinic_check_in.welcome.start")))).to_have_count(0)
    expect(sheet.page.get_by_text(text("vi", "errors.printer_paper_out.reason"))).to_be_visible()
    sheet.choice("printer", "full").click()
    expect(sheet.glass(starting_with(text("vi", "clinic_check_in.welcome.start")))).to_be_visible()


def test_hands_at_the_panel_are_felt_by_the_kiosk(open_page: OpenPage, rig: Rig) -> None:
    sheet = open_page()
    there = sheet.page.get_by_role("button", name=sheet.says("hands.step_up"))
    there.click()
    expect(there).to_have_attribute("aria-pressed", "true")
    assert rig.panel.state(m.Nothing()).somebody_there
    sheet.do("hands.walk_away")
    expect(there).to_have_attribute("aria-pressed", "false")
    sheet.touch("clinic_check_in.welcome.start")
    expect(sheet.glass(starting_with(text("vi", "identify.consent.accept")))).to_be_visible()
    sheet.do("hands.call_staff")
    sheet.touch("identify.done")


def test_two_pages_stay_in_step_each_in_its_own_language(open_page: OpenPage) -> None:
    here, there = open_page("vi", DESK), open_page("en", HAND)
    here.choice("card", "expired").click()
    expect(there.choice("card", "expired")).to_have_attribute("aria-pressed", "true")
    expect(there.choice("card", "genuine")).to_have_attribute("aria-pressed", "false")
    there.choice("site", "away").click()
    expect(here.choice("site", "away")).to_have_attribute("aria-pressed", "true")
    row = failures.rows()[0]
    for sheet in (here, there):
        sheet.page.get_by_text(sheet.says(f"parts.{row.part}"), exact=True).click()
    here.page.get_by_role("checkbox", name=row.what.vi).check()
    expect(there.page.get_by_role("checkbox", name=row.what.en)).to_be_checked()
    here.page.get_by_role("checkbox", name=row.what.vi).uncheck()
    here.do("page.all_well")
    expect(there.choice("site", "up")).to_have_attribute("aria-pressed", "true")


def test_the_language_is_switched_on_the_page_and_stays_switched(open_page: OpenPage) -> None:
    sheet = open_page("vi")
    sheet.page.get_by_role("button", name="English").click()
    english = words.table("en")["page"]
    expect(sheet.page.get_by_role("heading", level=1)).to_have_text(english["title"])
    assert sheet.page.locator("html").get_attribute("lang") == "en"
    sheet.page.goto(sheet.page.url.partition("?")[0])
    expect(sheet.page.get_by_role("heading", level=1)).to_have_text(english["title"])
    sheet.page.get_by_role("button", name="Tiếng Việt").click()


def test_the_keyboard_reaches_every_choice_and_the_kiosks_own_buttons(open_page: OpenPage, rig: Rig) -> None:
    sheet = open_page()
    operable = sheet.page.locator("button:visible, a:visible, input:visible, summary:visible")
    everything = operable.count()
    for _ in range(everything + 5):
        sheet.page.keyboard.press("Tab")
        sheet.page.evaluate("document.activeElement.dataset.reached = true")
    assert sheet.page.locator("[data-reached]:is(button, a, input, summary)").count() == everything
    start = sheet.glass(starting_with(text("vi", "clinic_check_in.welcome.start")))
    start.focus()
    sheet.page.keyboard.press("Enter")
    expect(sheet.glass(starting_with(text("vi", "identify.consent.accept")))).to_be_visible()
    sheet.touch("kit.cancel")
    sheet.touch("identify.done")


@pytest.mark.parametrize("size", [DESK, HAND], ids=["on a desk", "in a hand"])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_nothing_hangs_over_the_edge(open_page: OpenPage, size: dict[str, int], language: str) -> None:
    page = open_page(language, size).page
    page.locator("details").evaluate_all("all => all.forEach((details) => { details.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_only_the_page_itself_on_this_machine_changes_anything(address: str, rig: Rig) -> None:
    host = address.removeprefix("http://").rstrip("/")
    own = {"Host": host, "Origin": f"http://{host}", "Content-Type": "application/json"}
    change = json.dumps({"knob": "site", "value": "away"})

    def ask(method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    assert ask("GET", "/state", None, {"Host": "rebound.example"}).status == 421
    assert ask("POST", "/change", change, {**own, "Origin": "http://elsewhere.example"}).status == 403
    assert ask("POST", "/change", change, {**own, "Content-Type": "text/plain"}).status == 415
    assert rig.site.faults.mode == "up"
    for knob, value in (("site", "nowhere"), ("camera", "../people/lan"), ("printer", 7), ("__class__", "up")):
        body = json.dumps({"knob": knob, "value": value})
        assert ask("POST", "/change", body, own).status == 404, knob
    answer = ask("POST", "/change", json.dumps({"knob": "site", "value": "up"}), own)
    assert answer.status == 200
    assert "default-src 'none'" in str(answer.getheader("Content-Security-Policy"))
    assert ask("GET", "/slips/999.png", None, own).status == 404
    assert ask("GET", "/static/..%2Fapp.py", None, own).status == 404


def test_the_page_outlives_the_kiosks_screen_and_its_power(open_page: OpenPage, rig: Rig) -> None:
    sheet = open_page()
    status = sheet.page.get_by_role("status")
    rig.kill("screen")
    expect(status).to_have_text(sheet.says("kiosk.starting"))
    expect(status).to_have_text(sheet.says("kiosk.running"))
    sheet.choice("power", "cut").click()
    expect(status).to_have_text(sheet.says("kiosk.no_power"))
    assert not rig.kiosk.children
    sheet.choice("power", "on").click()
    expect(status).to_have_text(sheet.says("kiosk.running"))
