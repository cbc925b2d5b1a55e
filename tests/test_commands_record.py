"""``record``: one command a kind, made from the catalogue; nothing typed surprises it."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.command import Option, Spoken
from commands.examples import example
from commands.fields import FieldOption, options_of
from commands.main import COMMANDS, rollbook
from commands.record import RecordCommand
from ledger.catalogue import KINDS, personal_paths
from tests.terminal import call, done, started, words

UNIT = words("unit_founded --unit TP --type cell --on 2015-01-01 --name Phường")
PERSON = words("--unit TP --on 2020-03-02 --sex male --birth-date 7/10/1996 --name")


def commands_of(group: click.Command) -> Iterator[click.Command]:
    """Yield the commands of the program, those under ``record`` with them."""
    context = click.Context(group)
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None, name
            yield command
            yield from commands_of(command)


EVERY_COMMAND = list(commands_of(rollbook))


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: str(command.name))
def test_every_command_and_option_is_documented_and_has_an_example(command: click.Command) -> None:
    assert command.help
    assert isinstance(command, Spoken)
    assert command.examples
    for parameter in command.params:
        assert getattr(parameter, "help", None), parameter.opts
        assert not isinstance(parameter, click.Option) or isinstance(parameter, Option)


def test_every_kind_has_a_command_with_an_option_for_every_field() -> None:
    record = rollbook.get_command(click.Context(rollbook), "record")
    assert isinstance(record, click.Group)
    assert record.list_commands(click.Context(record)) == list(KINDS)
    for kind in KINDS:
        paths = {option.path for option in options_of(kind)}
        assert {("effective_on",), ("document", "number"), ("note",), ("corrects",)} <= paths
        assert set(personal_paths(kind)) <= paths
        names = [option.name for option in RecordCommand(kind).params]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_each_kind_is_well_formed(kind: str, tmp_path: Path) -> None:
    book = started(tmp_path)
    _, _, *arguments = shlex.split(example(kind))
    said = call(book, "record", *arguments, "--dry-run")
    assert said.status in {0, 3}, said.err
    malformed = {"missing_field", "bad_value", "bad_code", "bad_json", "unknown_field"}
    assert said.status == 0 or said.code not in malformed, said.err


@pytest.mark.parametrize(
    "line",
    [
        example
        for command in EVERY_COMMAND
        if isinstance(command, Spoken) and not isinstance(command, RecordCommand)
        for example in command.examples
        if "|" not in example
    ],
)
def test_the_examples_of_the_help_can_be_typed(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book = started(tmp_path, UNIT)
    _, *arguments = shlex.split(line.replace("rollbook import", "rollbook import --help"))
    said = call(book, *arguments, "--book", str(book))
    assert said.status != 2 or said.code in {"unknown_name", "names_sealed"}, said.err


def test_what_was_recorded_is_said_to_people_and_to_programs(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    said = done(book, "record", "nominated", *PERSON, "Nguyễn Văn An", "--by", "lan")
    for part in (
        "Recorded entry 2 (nominated, 2020-03-02): P000001; ",
        "Nguyễn Văn An",
        "1996-10-07",
    ):
        assert part in said.err
    assert "To take it back: rollbook void 2 --reason" in said.err
    assert said.json == {
        "no": 2,
        "kind": "nominated",
        "effective_on": "2020-03-02",
        "recorded_at": "2024-05-06T07:08:09Z",
        "by": "lan",
        "person": "P000001",
        "unit": "TP",
        "profile": {"sex": "male", "birth_year": 1996},
        "sealed": ["profile.birth_date", "profile.name"],
    }


def test_a_dry_run_prints_what_can_be_imported_and_writes_nothing(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    said = done(book, "record", "nominated", *PERSON, "An", "--dry-run")
    entry = json.loads(said.out)
    assert entry["profile"] == {
        "name": "An",
        "birth_date": "1996-10-07",
        "birth_year": 1996,
        "sex": "male",
    }
    assert not {"no", "recorded_at", "by"} & entry.keys()
    assert len(done(book, "log", "--format", "json").json) == 1
    done(book, "import", given=said.out)
    assert done(book, "log", "--format", "json").json[1]["person"] == "P000001"


def test_fields_of_every_shape_are_put_together(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    options = (
        "--target CT --unit TP --measure admissions --from 1/1/2020 --to 31/12/2024 --form range"
        " --amount 90..100.5 --source own_congress --on 2020-01-05 --filter sex=female"
        " --filter ethnicity=tay --filter ethnicity=nung --filter founded_in=2015-01-01..2016-01-01"
        " --filter private_owner=yes --base-measure members --base-as-of 31/12/2019"
        " --document 12-NQ --document-date 3/1/2020 --consent 13-CV"
    )
    entry = done(book, "record", "target_set", *words(options), "--dry-run").json
    assert entry["period"] == {"from": "2020-01-01", "to": "2024-12-31"}
    assert entry["amount"] == ["90", "100.5"]
    assert entry["base"] == {"as_of": "2019-12-31"} | (
        {"measure": "members"} if "measure" in entry["base"] else {}
    )
    assert entry["filters"] == {
        "sex": "female",
        "ethnicity": ["nung", "tay"],
        "founded_in": {"from": "2015-01-01", "to": "2016-01-01"},
        "private_owner": True,
    }
    assert entry["document"] == {"number": "12-NQ", "date": "2020-01-03"}
    assert entry["consent"] == {"number": "13-CV"}


@pytest.mark.parametrize(
    ("against", "kept"),
    [
        (["2019-01-01..2019-12-31"], {"from": "2019-01-01", "to": "2019-12-31"}),
        (["sex=female"], {"sex": "female"}),
    ],
)
def test_what_a_figure_follows_from(against: list[str], kept: object, tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    options = words(
        "--figure F --unit TP --measure admissions --comparator equal --value 3.1 --source Báo"
        " --from 2020-01-01 --to 2020-12-31 --derived growth --on 2021-01-05"
    )
    given_against = [word for item in against for word in ("--against", item)]
    derived = ["--derived", "share"] if "sex=female" in against else []
    said = done(book, "record", "figure_stated", *options, *derived, *given_against, "--dry-run")
    assert said.json["against"] == kept


def test_a_flag_and_its_opposite(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT, ["nominated", *PERSON, "An"])
    comment = words("record commented --person P000001 --body residence --on 2020-04-01 --dry-run")
    assert done(book, *comment, "--favourable").json["favourable"] is True
    assert done(book, *comment, "--no-favourable").json["favourable"] is False
    assert call(book, *comment).code == "missing_option"


def test_the_day_of_a_stock_is_that_of_its_count_and_of_nothing_else_guessed(
    tmp_path: Path,
) -> None:
    book = started(tmp_path, UNIT)
    count = words("record unnamed_counted --unit TP --measure members --count 260 --dry-run")
    assert done(book, *count, "--as-of", "2015-12-31").json["effective_on"] == "2015-12-31"
    for line in (count, words("record unit_renamed --unit TP --name B --dry-run")):
        said = call(book, *line)
        assert (said.status, said.code) == (2, "missing_option")
        assert said.err.startswith("--on: ")


def test_all_that_is_missing_is_listed_at_once(tmp_path: Path) -> None:
    said = call(started(tmp_path), "record", "nominated")
    assert said.status == 2
    places = [line.split(":")[0] for line in said.err.splitlines() if not line.startswith(" ")]
    assert places == ["--unit", "--name", "--on"]


WRONG = {
    "nominate --unit TP": (2, "rollbook: unknown_kind", "did you mean nominated?"),
    "nominated --unti TP": (2, "rollbook: no_such_option", "did you mean --unit?"),
    "nominated --unit TP --name A --on 7/10": (2, "--on: bad_date", "7/10"),
    "nominated --unit TP --name A --on 2023-13-01": (2, "--on: bad_date", "2023-13-01"),
    "nominated --unit T --name A --on 2020-01-01": (3, "--unit: unknown_unit", "did you mean TP?"),
    "nominated --unit TP --name A --on 2030-01-01": (3, "--on: in_future", "2024-05-06"),
    "nominated --unit TP --name A --sex femal": (2, "--sex: bad_choice", "did you mean female?"),
    "nominated --unit TP --name A --birth-year x": (2, "--birth-year: bad_number", "x"),
    "unit_moved --unit a/b --parent TP --on 2020-01-01": (3, "--unit: bad_code", "a/b"),
    "target_set --filter sexx=male": (2, "--filter: bad_filter", "did you mean sex?"),
    "target_set --amount 1,5": (2, "--amount: bad_number", "1,5"),
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_is_said_with_its_place_and_code(line: str, tmp_path: Path) -> None:
    status, beginning, hint = WRONG[line]
    said = call(started(tmp_path, UNIT), "record", *words(line))
    assert said.status == status, said.err
    assert said.err.startswith(f"{beginning}: ")
    assert hint in said.err
    assert not said.out


def test_a_word_of_ones_own_language_leads_to_the_identifier(tmp_path: Path) -> None:
    said = call(started(tmp_path), "record", "nominated", "--sex", "nữ", lang="vi")
    assert "có phải ý là female (nữ)?" in said.err
    assert "có phải ý là admitted?" in call(tmp_path / "b", "record", "ket nap", lang="vi").err


def test_a_code_that_is_not_listed_is_kept_and_said(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    said = done(book, "record", "nominated", *PERSON, "An", "--ethnicity", "king", "--dry-run")
    assert said.json["profile"]["ethnicity"] == "king"
    assert "--ethnicity: king is not among the listed codes" in said.err
    assert "did you mean kinh?" in said.err


def test_text_becomes_composed_at_the_door(tmp_path: Path) -> None:
    book = started(tmp_path)
    decomposed = "Phu\u031bo\u031b\u0300ng "
    fields = words("unit_founded --unit TP --type cell --on 2015-01-01")
    done(book, "record", *fields, "--name", decomposed)
    assert done(book, "show", "1", "--format", "json").json["name"] == "Phường"


hostile = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(categories=["L", "M", "N"]), max_size=80),
    st.sampled_from(["-", "--", "=", "..", "1e400", "9" * 400, "\x00", "\ud800", "2020-01-01"]),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return started(tmp_path_factory.mktemp("hostile"), UNIT, ["nominated", *PERSON, "An"])


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_text_typed_anywhere_surprises(kind: str, data: st.DataObject, shared: Path) -> None:
    arguments = []
    for option in options_of(kind):
        if option.is_flag:
            arguments += [option.opts[0]] if data.draw(st.booleans()) else []
        elif data.draw(st.booleans()) or option.needed:
            arguments.append(f"{option.opts[0]}={data.draw(_values(option))}")
    said = call(shared, "record", kind, *arguments, "--dry-run")
    assert said.status in {0, 2, 3}, said.err


def _values(option: FieldOption) -> st.SearchStrategy[str]:
    """Return values that pass the door now and then, so that what lies behind is tried, too."""
    choices = getattr(option.type, "choices", ())
    likely = {"DAY": "2020-05-19", "NUMBER": "3", "UNIT": "TP", "PERSON": "P000001"}
    fitting = [*choices, likely.get(getattr(option.type, "name", ""), "A")]
    return st.one_of(hostile, st.sampled_from(fitting))


def test_every_command_of_the_table_is_there() -> None:
    assert {name for room in COMMANDS.values() for name in room} <= {
        command.name for command in EVERY_COMMAND
    }
