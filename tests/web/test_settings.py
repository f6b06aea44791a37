"""Settings: what is read, what is refused, and in which words."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, secret_file

COMPLETE = {
    "PRODUCTION": "1",
    "SITE_NAME": "A hospital",
    "SITE_PHONE": "+1 202 555 0100",
    "SITE_HOURS": "9 to 5",
    "SITE_EMERGENCY_NUMBER": "911",
    "SITE_CRISIS_LINE": "988",
    "SITE_COUNTRY": "us",
    "SITE_PRIVACY_URL": "https://hospital.example.org/privacy",
}


def test_defaults_are_the_demo() -> None:
    settings = Settings.from_env({})
    assert settings.site_name == "Demo site (not a real hospital)"
    assert settings.site_phone is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.allow_unreviewed
    assert settings.trials == ()
    assert settings.refusals(trials_offered=1) == []


def test_trials_are_named_one_or_several_and_the_old_name_counts_too() -> None:
    assert Settings.from_env({"TRIALS": "NCT1, NCT2"}).trials == ("NCT1", "NCT2")
    assert Settings.from_env({"TRIAL": "NCT1"}).trials == ("NCT1",)
    assert Settings.from_env({"TRIAL": "NCT1", "TRIALS": "NCT2"}).trials == ("NCT2",)


def test_without_a_trial_to_offer_nothing_starts() -> None:
    (reason,) = Settings.from_env({}).refusals(trials_offered=0)
    assert "can be offered" in reason


def test_empty_variables_are_unset_and_others_are_left_alone() -> None:
    settings = Settings.from_env({"PORT": " ", "SITE_PHONE": "", "PATH": "/bin", "HOME": "/root"})
    assert settings.port == 8080
    assert settings.site_phone is None


def test_databases_lie_in_the_home(tmp_path: Path) -> None:
    settings = Settings.from_env({"PRESCREEN_HOME": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/prescreen.db"
    assert settings.tracker_database_url == f"sqlite:///{tmp_path}/tracker.db"
    named = Settings.from_env({"DATABASE_URL": "postgresql+psycopg://u:hunter2@db/x"})
    assert "hunter2" not in repr(named)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PRODUCTION", "maybe"),
        ("PRESCREEN_TODAY", "22.11.2026"),
        ("PRESCREEN_TODAY", "2026-11-31"),
        ("PRESCREEN_TODAY", "1795305600"),
        ("SITE_TIMEZONE", "Mars/Olympus"),
        ("SITE_FORM_URL", "ftp://site"),
        ("SITE_FORM_URL", "site.example.org"),
        ("SITE_COUNTRY", "China"),
        ("LOG_LEVEL", "loud"),
        ("FRAME_ANCESTORS", "https://a; script-src *"),
        ("SITE_WEBHOOK_SECRET", "whsec_not base64!"),
        ("SITE_WEBHOOK_SECRET", "whsec_c2hvcnQ="),
        ("CHAT_PER_MINUTE", "-1"),
    ],
)
def test_error_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} can't be used: ") as error:
        Settings.from_env({name: value})
    assert "secret" not in str(error.value).lower() or name == "SITE_WEBHOOK_SECRET"
    assert "not base64!" not in str(error.value)


def test_today_is_the_sites_or_the_fixed_one() -> None:
    assert Settings.from_env({"PRESCREEN_TODAY": "2026-11-22"}).today() == date(2026, 11, 22)
    east = Settings.from_env({"SITE_TIMEZONE": "Pacific/Kiritimati"}).today()
    west = Settings.from_env({"SITE_TIMEZONE": "Pacific/Pago_Pago"}).today()
    assert (east - west).days == 1


def test_complete_production_may_start() -> None:
    assert Settings.from_env(COMPLETE).refusals(trials_offered=1) == []


@pytest.mark.parametrize("missing", [name for name in COMPLETE if name != "PRODUCTION"])
def test_production_refuses_what_is_missing(missing: str) -> None:
    settings = Settings.from_env({name: value for name, value in COMPLETE.items() if name != missing})
    (reason,) = settings.refusals(trials_offered=1)
    assert missing in reason


def test_production_refuses_a_fixed_day_and_an_unreviewed_trial() -> None:
    reasons = Settings.from_env(COMPLETE | {"PRESCREEN_TODAY": "2026-11-22"}).refusals(trials_offered=0)
    assert len(reasons) == 2
    assert "PRESCREEN_TODAY" in reasons[0]
    assert "reviewed" in reasons[1]
    said = Settings.from_env(COMPLETE | {"ALLOW_UNREVIEWED": "1"})
    assert said.refusals(trials_offered=1) == []
    strict = Settings.from_env({"ALLOW_UNREVIEWED": "0"})
    assert len(strict.refusals(trials_offered=0)) == 1


def test_session_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings.from_env({"PRESCREEN_HOME": str(tmp_path)})
    key = settings.session_key()
    assert len(key) >= 43
    assert settings.session_key() == key
    assert stat.S_IMODE((tmp_path / "secrets" / "session.key").stat().st_mode) == 0o600
    assert Settings.from_env({"SESSION_SECRET": "given"}).session_key() == "given"


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    made = iter(range(1000))
    with ThreadPoolExecutor(8) as pool:
        found = set(
            pool.map(lambda _: secret_file(tmp_path / "s" / "key", lambda: f"secret {next(made)}"), range(40))
        )
    assert len(found) == 1
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["key"]
