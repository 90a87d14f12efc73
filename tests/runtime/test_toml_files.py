"""Files that people write: with a byte order mark as without; another encoding is named with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from egov_core.errors import EgovError, SettingsError
from egov_core.hooks.manager import Hooks
from egov_core.runtime.place import silence_rules, timer_kinds
from egov_core.runtime.policies import load_policy
from egov_core.runtime.settings import Settings, read_settings
from egov_core.runtime.shipped import read_notice_file, read_office_hours
from egov_core.runtime.toml_files import read_toml

ROOT = Path(__file__).resolve().parents[2] / "src" / "egov_core" / "data"
KIND = """
[[kind]]
code = "site-visit"
name = "现场踏勘"
starts-on = ["accepted"]
stops-on = ["reviewed"]
limit = "5wd"
basis = { instrument = "《云岫县现场踏勘工作规则》（演示）", article = "第六条", in-force = 2020-01-01 }
"""


def kinds(path: Path) -> Any:
    return timer_kinds(Settings(area="990121", timer_kinds=(str(path),)), Hooks())


def shipped(*names: str) -> str:
    return ROOT.joinpath(*names).read_text(encoding="utf-8")


READERS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "settings": (read_settings, '# 云岫县\n[county]\narea = "990121"\n'),
    "notice": (read_notice_file, shipped("calendar", "cn", "2026.toml")),
    "hours": (read_office_hours, "# 时间\n" + shipped("office_hours", "standard.toml")),
    "policy": (lambda path: load_policy(str(path)), shipped("policies", "notice.toml")),
    "silence": (lambda path: silence_rules(str(path)), shipped("silence", "national.toml")),
    "kinds": (kinds, KIND),
}


@pytest.mark.parametrize("name", READERS)
def test_a_byte_order_mark_changes_nothing(name: str, tmp_path: Path) -> None:
    read, text = READERS[name]
    file = tmp_path / "file.toml"
    file.write_text(text, encoding="utf-8")
    plain = read(file)
    file.write_text(text, encoding="utf-8-sig")
    assert read(file) == plain


@pytest.mark.parametrize("name", READERS)
def test_another_encoding_is_named_with_its_line(name: str, tmp_path: Path) -> None:
    read, text = READERS[name]
    file = tmp_path / "file.toml"
    file.write_text("\n" + text, encoding="gb18030")
    line = next(n for n, one in enumerate(("\n" + text).split("\n"), 1) if not one.isascii())
    with pytest.raises(EgovError, match=f"line {line} ") as refused:
        read(file)
    assert refused.value.remedy == "save it as UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", READERS)
def test_what_editors_call_unicode_is_named_as_what_it_is(name: str, encoding: str, tmp_path: Path) -> None:
    read, text = READERS[name]
    file = tmp_path / "file.toml"
    file.write_text(text if text.startswith("#") else f"# {text}", encoding=encoding)
    with pytest.raises(EgovError, match="is UTF-16 and not UTF-8") as refused:
        read(file)
    assert refused.value.remedy == "save it as UTF-8"


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_not_there_is_named_once(name: str, tmp_path: Path) -> None:
    read, _ = READERS[name]
    file = tmp_path / "none.toml"
    with pytest.raises(EgovError) as refused:
        read(file)
    assert refused.value.message == f"{file} cannot be read: No such file or directory"
    assert refused.value.remedy


@pytest.mark.parametrize("day", ["2027-02-30", "2027-13-01"])
def test_a_day_that_there_is_not_is_named_with_its_line(day: str, tmp_path: Path) -> None:
    file = tmp_path / "file.toml"
    file.write_bytes(f'a = "2027-02-31"\r\nearlier = 2027-02-28\r\nday = {day} # 生效\r\n'.encode())
    with pytest.raises(SettingsError) as refused:
        read_toml(file, lambda message, remedy: SettingsError(message, remedy=remedy), "settings")
    assert str(refused.value).startswith(f"{file}: {day} in line 3 is no day of the calendar")


def test_what_is_no_toml_for_another_reason_keeps_its_own_words(tmp_path: Path) -> None:
    file = tmp_path / "file.toml"
    file.write_text("day = 2027-02-28 x\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="is not TOML"):
        read_toml(file, lambda message, remedy: SettingsError(message, remedy=remedy), "settings")
