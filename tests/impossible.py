"""What cannot have happened, with the code of its refusal; and near misses that can.

Each row: what was recorded before, what comes, the code, the number of the entry it clashes
with. ``entries`` in ``scenarios.py`` reads the tables.
"""

BASE = """
    unit_founded    2010-01-01 TP type=grassroots_committee   # 1
    unit_founded    2010-01-01 C1 parent=TP                   # 2
    unit_founded    2012-01-01 C2 parent=TP                   # 3
    carried_forward 2010-01-01 M1 unit=C1                     # 4
"""
APPLICANT = BASE + "nominated 2015-01-01 P1 unit=C1           # 5"
MEMBER = APPLICANT + "\n admitted 2016-01-01 P1 unit=C1       # 6"
OFFICIAL = MEMBER + "\n recognized_official 2017-01-01 P1     # 7"
TARGET = (
    "target_set 2016-01-01 T1 unit=C2 measure=admissions form=absolute amount=5 "
    'period={"from":"2016-01-01","to":"2016-12-31"} source=own_congress'
)

REFUSALS = [
    # A person
    (BASE, "admitted 2016-01-01 P1 unit=C1", "not_opened", None),
    (BASE, "listed 2016-01-01 P1", "not_opened", None),
    (APPLICANT, "nominated 2015-06-01 P1 unit=C1", "already_on_file", 5),
    (APPLICANT, "carried_forward 2016-01-01 P1 unit=C1", "already_on_file", 5),
    (MEMBER, "admitted 2016-02-01 P1 unit=C1", "already_member", 6),
    (MEMBER, "nominated 2016-02-01 P1 unit=C2", "already_member", 6),
    (MEMBER, "listed 2016-02-01 P1", "already_member", 6),
    (MEMBER, "admitted 2015-06-01 P1 unit=C1", "clashes_with", 6),
    (MEMBER, "carried_forward 2016-02-01 P1 unit=C1", "already_member", 6),
    (MEMBER, "transferred_in 2016-02-01 P1 unit=C1", "already_member", 6),
    (APPLICANT, "recognized_official 2017-01-01 P1", "not_probationary", 5),
    (OFFICIAL, "recognized_official 2018-01-01 P1", "not_probationary", 7),
    (OFFICIAL, "voided 2018-01-01 6", "clashes_with", 7),
    (APPLICANT, "expelled 2016-01-01 P1", "not_member", 5),
    (APPLICANT, "deleted 2016-01-01 P1", "not_member", 5),
    (APPLICANT, "left_on_request 2016-01-01 P1", "not_member", 5),
    (APPLICANT, "transferred_out 2016-01-01 P1", "not_member", 5),
    (APPLICANT, "transferred 2016-01-01 P1 to=C2", "not_member", 5),
    (APPLICANT, "exempted 2016-01-01 P1", "not_member", 5),
    (APPLICANT, "restored 2016-01-01 P1 unit=C1", "never_member", None),
    (MEMBER, "transferred 2016-02-01 P1 to=C9", "unknown_unit", None),
    (MEMBER, "transferred 2011-02-01 M1 to=C2", "unit_not_yet", 3),
    (OFFICIAL + "\n died 2018-01-01 P1", "transferred 2019-01-01 P1 to=C2", "dead", 8),
    (OFFICIAL + "\n died 2018-01-01 P1", "died 2019-01-01 P1", "dead", 8),
    (OFFICIAL + "\n exempted 2019-01-01 P1", "died 2018-01-01 P1", "clashes_with", 8),
    (BASE, "transferred_in 2016-01-01 P1 unit=C1", "profile_needed", None),
    (
        BASE,
        "carried_forward 2016-01-01 P1 unit=C1 joined_on=2016-01-02 official_on=2016-01-02",
        "later_than_entry",
        None,
    ),
    (MEMBER, "profile_changed 2016-02-01 P1 profile={}", "nothing_changes", None),
    # Mentors and classes
    (APPLICANT, "mentor_assigned 2015-02-01 P1 mentor=P1", "mentor_self", None),
    (APPLICANT, "mentor_assigned 2015-02-01 P1 mentor=P9", "unknown_person", None),
    (MEMBER, "mentor_assigned 2016-02-01 M1 mentor=P1", "mentor_not_official", 6),
    (
        APPLICANT + "\n mentor_assigned 2015-02-01 P1 mentor=M1",
        "died 2014-01-01 M1",
        "clashes_with",
        6,
    ),
    (
        APPLICANT + "\n mentor_assigned 2015-02-01 P1 mentor=M1",
        "voided 2016-01-01 4",
        "clashes_with",
        6,
    ),
    (APPLICANT, "enrolled_in_class 2015-02-01 P1 class=L1", "unknown_class", None),
    (BASE + "class_opened 2015-01-01 L1", "class_opened 2016-01-01 L1", "already_there", 5),
    (BASE, "class_opened 2015-01-01 L1 organiser=XX", "unknown_unit", None),
    (
        APPLICANT + "\n class_opened 2015-01-01 L1 \n enrolled_in_class 2015-02-01 P1 class=L1",
        "voided 2016-01-01 6",
        "clashes_with",
        7,
    ),
    (
        APPLICANT + "\n class_opened 2015-03-01 L1 starts=2015-03-02",
        "attended_class 2015-03-01 P1 class=L1",
        "class_not_yet",
        6,
    ),
    # Units
    (BASE, "unit_founded 2015-01-01 C1 parent=TP", "already_there", 2),
    (BASE, "unit_founded 2015-01-01 C3 parent=XX", "unknown_unit", None),
    (BASE, "unit_founded 2009-01-01 C3 parent=TP", "unit_not_yet", 1),
    (BASE, "unit_renamed 2015-01-01 C9 name=Khác", "unknown_unit", None),
    (BASE, "unit_renamed 2009-01-01 C1 name=Khác", "unit_not_yet", 2),
    (BASE, "unit_reclassified 2015-01-01 C1", "nothing_changes", None),
    (BASE, "unit_moved 2015-01-01 TP parent=C1", "unit_cycle", 2),
    (BASE, "unit_moved 2015-01-01 TP parent=TP", "under_itself", None),
    (
        BASE + "unit_moved 2015-01-01 C2 parent=C1",
        "unit_moved 2014-01-01 C1 parent=C2",
        "unit_cycle",
        5,
    ),
    (BASE, "unit_merged 2015-01-01 TP into=C1", "unit_cycle", 2),
    (
        BASE
        + """
        unit_founded   2010-01-01 A1 parent=C1
        unit_founded   2010-01-01 A2 parent=A1
        unit_dissolved 2016-07-03 C2 members_to=A2   # 7
        """,
        "unit_merged 2016-06-25 C1 into=C2",
        "unit_cycle",
        5,
    ),
    (BASE, "unit_merged 2015-01-01 C1 into=C1", "merged_into_itself", None),
    (
        BASE + "unit_dissolved 2016-07-03 C2 members_to=C1",
        "unit_merged 2015-01-01 C1 into=C2",
        "heirs_in_circle",
        5,
    ),
    (BASE, "unit_dissolved 2015-01-01 C1", "unit_not_empty", None),
    (BASE, "unit_dissolved 2015-01-01 TP", "unit_not_empty", None),
    (
        BASE + "unnamed_counted 2014-01-01 C2 measure=members as_of=2014-01-01 count=3",
        "unit_dissolved 2015-01-01 C2",
        "unit_not_empty",
        None,
    ),
    (
        BASE + "unit_dissolved 2015-01-01 C2",
        "unnamed_counted 2014-01-01 C2 measure=members as_of=2014-01-01 count=3",
        "clashes_with",
        5,
    ),
    (
        BASE + "unnamed_counted 2014-01-01 C2 measure=members as_of=2014-01-01 count=3 "
        'filters={"sex":"male"}',
        "unit_dissolved 2015-01-01 C2",
        "unit_not_empty",
        None,
    ),
    (BASE + "unit_dissolved 2015-01-01 C2", "transferred 2015-01-01 M1 to=C2", "unit_ended", 5),
    (BASE + "unit_dissolved 2015-01-01 C2", "transferred 2014-01-01 M1 to=C2", "unit_ended", 5),
    (
        BASE + "unit_merged 2015-01-01 C2 into=C1",
        "transferred 2016-01-01 M1 to=C2",
        "unit_ended",
        5,
    ),
    (
        BASE + "unit_merged 2015-01-01 C2 into=C1",
        "unit_founded 2016-01-01 C3 parent=C2",
        "unit_ended",
        5,
    ),
    (
        BASE + "unit_merged 2015-01-01 C2 into=C1",
        "unit_merged 2015-01-01 C1 into=C2",
        "unit_ended",
        5,
    ),
    (
        BASE + "unit_merged 2015-01-01 C2 into=C1",
        "unit_renamed 2016-01-01 C2 name=Khác",
        "unit_ended",
        5,
    ),
    (
        BASE + "unit_merged 2015-01-01 C2 into=C1",
        "unnamed_counted 2016-01-01 C2 measure=members as_of=2016-01-01 count=3",
        "unit_ended",
        5,
    ),
    (MEMBER, "unit_merged 2015-12-31 C1 into=C2", "clashes_with", 6),
    (MEMBER, "unit_merged 2016-01-01 C1 into=C2", "clashes_with", 6),
    (
        BASE + "unit_merged 2015-01-01 C1 into=C2",
        "nominated 2015-01-01 P2 unit=C1",
        "unit_ended",
        5,
    ),
    (
        BASE + "unit_merged 2015-01-01 C2 into=C1",
        TARGET,
        "unit_ended",
        5,
    ),
    (BASE, "voided 2016-01-01 2", "clashes_with", 4),
    (
        BASE + "transferred 2014-01-01 M1 to=C2 \n unit_dissolved 2015-01-01 C1",
        "voided 2016-01-01 5",
        "clashes_with",
        6,
    ),
    (BASE, "voided 2016-01-01 1", "clashes_with", 2),
    # Targets, figures
    (BASE, "target_withdrawn 2015-01-01 T1", "unknown_target", None),
    (BASE + TARGET, "target_withdrawn 2015-12-31 T1", "target_not_yet", 5),
    # Voiding and correcting
    (BASE, "voided 2016-01-01 99", "unknown_entry", None),
    (MEMBER, "voided 2018-01-01 6 corrects=5", "bad_value", None),
    (MEMBER + "\n voided 2018-01-01 6", "voided 2018-01-01 7", "void_of_void", None),
    (MEMBER + "\n voided 2018-01-01 6", "voided 2018-01-01 6", "already_displaced", 7),
    (MEMBER, "admitted 2014-01-01 P1 unit=C1 corrects=6", "not_opened_yet", 5),
    (
        MEMBER + "\n voided 2018-01-01 6",
        "admitted 2016-01-02 P1 unit=C1 corrects=6",
        "already_displaced",
        7,
    ),
    # Time
    (MEMBER, "recognized_official 2026-03-02 P1", "in_future", None),
    (
        BASE,
        (
            "unnamed_counted 2026-01-01 C1 measure=admissions count=3 "
            'period={"from":"2026-01-01","to":"2026-12-31"}'
        ),
        "in_future",
        None,
    ),
]

POSSIBLE = [
    (
        "a dead person's badge",
        OFFICIAL,
        "died 2018-01-01 P1",
        "badge_awarded 2019-01-01 P1 years=30",
    ),
    (
        "a death may be voided",
        OFFICIAL,
        "died 2018-01-01 P1",
        "voided 2019-01-01 8",
        "exempted 2019-01-01 P1",
    ),
    (
        "nominated again after leaving the list",
        APPLICANT,
        "delisted 2015-06-01 P1",
        "nominated 2016-01-01 P1 unit=C1",
    ),
    ("nominated by another unit", APPLICANT, "nominated 2015-06-01 P1 unit=C2"),
    ("admitted again", OFFICIAL, "deleted 2018-01-01 P1", "admitted 2022-01-01 P1 unit=C2"),
    ("restored", OFFICIAL, "expelled 2018-01-01 P1", "restored 2019-01-01 P1 unit=C2"),
    (
        "back from elsewhere",
        OFFICIAL,
        "transferred_out 2018-01-01 P1",
        "transferred_in 2019-01-01 P1 unit=C2",
    ),
    ("back-dated between", OFFICIAL, "transferred 2016-06-01 P1 to=C2"),
    (
        "a whole chain of mergers in one day, recorded in any order",
        BASE + "unit_founded 2012-01-01 C3 parent=TP",
        "unit_merged 2020-07-01 C2 into=C1",
        "unit_merged 2020-07-01 C1 into=C3",
    ),
    (
        "a correction takes the place of the wrong entry within the day",
        APPLICANT + "\n listed 2015-01-01 P1",
        "nominated 2015-01-01 P1 unit=C2 corrects=5",
        "nominated 2015-01-01 P1 unit=C1 corrects=7",
    ),
    (
        "members move out on the day of the end",
        BASE,
        "transferred 2015-01-01 M1 to=C2",
        "unit_dissolved 2015-01-01 C1",
    ),
    ("the end says who takes the members", BASE, "unit_dissolved 2015-01-01 C1 members_to=C2"),
    (
        "a correction of the founding",
        BASE,
        "unit_founded 2009-01-01 TP corrects=1",
        "unit_founded 2009-06-01 C1 parent=TP corrects=2",
    ),
    (
        "a correction in another person's file",
        MEMBER + "\n nominated 2015-01-01 P2 unit=C1",
        "admitted 2016-01-01 P2 unit=C1 corrects=6",
    ),
    (
        "a voided correction leaves the place empty",
        MEMBER,
        "admitted 2016-03-01 P1 unit=C1 corrects=6",
        "voided 2018-01-01 7",
        "admitted 2016-05-01 P1 unit=C1",
    ),
]
