"""A rule's conditions and actions are checked when the settings are read; a mistake says what was meant."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from config import ConfigError, load
from config.settings import Settings

CHANNEL = '[channels.desk]\ntype = "console"\n'


def read(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "presswatch.toml"
    path.write_text(CHANNEL + text)
    return load(path)


def test_a_rule_is_read(tmp_path: Path) -> None:
    text = """
    [[rules]]
    name = "nights"
    sources = ["Ministry*"]
    kinds = ["silently-edited"]
    importance = 0.5
    words = ["pier", '"eastern harbour"']
    languages = ["EN"]
    routes = ["desk"]
    digest = "weekly"
    at = "07:30"
    day = "Friday"
    quiet = "22:00-07:00"
    urgent = 0.9
    time_zone = "Europe/Brussels"
    """
    (rule,) = read(tmp_path, text).rules
    assert (rule.due_at, rule.weekday, rule.quiet) == (time(7, 30), 4, (time(22), time(7)))
    assert rule.languages == ("en",)


def test_a_digest_has_its_hour_and_day_where_nothing_is_said(tmp_path: Path) -> None:
    daily, weekly = read(tmp_path, '[[rules]]\ndigest = "daily"\n[[rules]]\ndigest = "weekly"').rules
    assert (daily.due_at, daily.weekday, weekly.weekday) == (time(8), None, 0)


WRONG = {
    "kind": ('drop = true\nkinds = ["silent-edit"]', 'no kind of change; did you mean "silently-edited"?'),
    "channel": ('routes = ["desc"]', 'there is no channel "desc"; did you mean "desk"?'),
    "key": ('route = ["desk"]', 'unknown key "rules.1.route"; did you mean "rules.routes"?'),
    "day": ('digest = "weekly"\nday = "mondya"', 'no day of the week; did you mean "monday"?'),
    "hour": ('digest = "daily"\nat = "25:00"', '"25:00" is no time of the day; write it like "08:00"'),
    "digest": ('digest = "monthly"', 'it must be "hourly", "daily" or "weekly"'),
    "words": ('drop = true\nwords = ["+++"]', '"+++" are no words'),
    "language": ('drop = true\nlanguages = ["English!"]', '"English!" is no language'),
    "a name of a language": ('drop = true\nlanguages = ["english"]', '"english" is no language; write its tag'),
    "quotation marks": ("drop = true\nwords = ['\"pier']", "has a quotation mark that nothing closes"),
    "importance": ("drop = true\nimportance = 2", "it must be 1 or less"),
    "source": ('drop = true\nsources = [" "]', "it must be the name of a source"),
    "nothing": ('sources = ["a"]', "it does nothing"),
    "drop and routes": ('drop = true\nroutes = ["desk"]', 'a rule that drops has no "routes"'),
    "no routes": ("routes = []", "say drop = true"),
    "at alone": ('routes = ["desk"]\nat = "08:00"', '"at" needs digest = "daily" or "weekly"'),
    "day of a daily one": ('digest = "daily"\nday = "monday"', '"day" needs digest = "weekly"'),
    "urgent alone": ('routes = ["desk"]\nurgent = 0.5', '"urgent" needs "quiet" or "digest"'),
    "zone": ('digest = "daily"\ntime_zone = "Brussels"', "no time zone"),
    "zone alone": ('routes = ["desk"]\ntime_zone = "UTC"', '"time_zone" needs'),
    "quiet": ('quiet = "22-7"', "are no hours"),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_refused_with_what_was_meant(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, f"[[rules]]\n{text}\n")
    assert sentence in str(refused.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, '[[rules]]\nkinds = ["edit"]\nquiet = "x"\n[[rules]]\nroutes = ["desk"]\nat = "1:00"\n')
    lines = str(refused.value).splitlines()
    assert [line.split(": ", 2)[1] for line in lines] == ["rules.1.kinds.1", "rules.1.quiet", "rules.2"]


def test_all_unknown_channels_of_rules_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'"fax"; .*"telex"'):
        read(tmp_path, '[[rules]]\nroutes = ["fax"]\n[[rules]]\nroutes = ["telex"]\n')
