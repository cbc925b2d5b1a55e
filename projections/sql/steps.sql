-- Every entry of a person with where it leaves them: standing, stage, unit as it was named.
-- Windows are what takes long here, so that most of them go over the turns only: the entries
-- that say anything of standing, place or list. Any other is as the turn before it left things.
-- Only the decision on somebody who is at that stage can be cancelled; few ever are.
WITH cancelled AS (
    SELECT no
    FROM (
        SELECT
            no,
            cancels,
            last_value(
                CASE WHEN begins OR cancels THEN FALSE WHEN decides AND on_way THEN TRUE END
                IGNORE NULLS
            ) OVER (
                PARTITION BY person ORDER BY moment
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS is_decided
        FROM (
            SELECT
                *,
                last_value(in_pipeline IGNORE NULLS) OVER (
                    PARTITION BY person ORDER BY moment
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS on_way
            FROM given
            WHERE person IN (SELECT person FROM given WHERE cancels)
        ) AS listed
    ) AS before
    WHERE cancels AND is_decided
),
-- The first entry of each person with each class.
first_times AS (
    SELECT arg_min(no, moment) AS no
    FROM given
    WHERE kind IN ('enrolled_in_class', 'attended_class')
    GROUP BY person, class
),
turns AS (
    SELECT
        person,
        moment,
        lead(moment, 1, 9223372036854775807) OVER each_person AS next_moment,
        last_value(in_pipeline IGNORE NULLS) OVER so_far AS in_pipeline,
        last_value(gives IGNORE NULLS) OVER so_far AS gave,
        last_value(
            CASE WHEN gives IN ('probationary', 'official') THEN gives END IGNORE NULLS
        ) OVER so_far AS membership,
        last_value(CASE WHEN gives IS NOT NULL THEN effective_on END IGNORE NULLS)
            OVER so_far AS standing_since,
        last_value(
            CASE WHEN comes THEN coalesce(official_on, joined_on, effective_on)
                WHEN gives IS NOT NULL THEN effective_on END IGNORE NULLS
        ) OVER so_far AS told_since,
        count(CASE WHEN gives IN ('probationary', 'official', 'previous') THEN 1 END)
            OVER so_far AS memberships,
        last_value(placed IGNORE NULLS) OVER so_far AS placed,
        last_value(CASE WHEN admits THEN effective_on ELSE joined_on END IGNORE NULLS)
            OVER so_far AS joined_on,
        -- The first of January of the year 1 stands for "not official any more".
        last_value(
            CASE WHEN admits THEN DATE '0001-01-01' WHEN recognizes THEN effective_on
                ELSE official_on END IGNORE NULLS
        ) OVER so_far AS official_on,
        last_value(CASE WHEN begins THEN FALSE WHEN lists THEN TRUE END IGNORE NULLS)
            OVER so_far AS listed,
        -- A cancelled decision takes the person back to an earlier stage.
        count(CASE WHEN begins OR cancels THEN 1 END) OVER so_far AS round_no
    FROM given
    WHERE moves OR no IN (SELECT no FROM cancelled)
    WINDOW
        each_person AS (PARTITION BY person ORDER BY moment),
        so_far AS (
            PARTITION BY person ORDER BY moment ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
),
states AS (
    SELECT
        person,
        moment,
        next_moment,
        in_pipeline,
        CASE gave WHEN 'previous' THEN coalesce(membership, 'probationary') ELSE gave END
            AS standing,
        -- Who comes with a past has stood since a day before the entry, which it says.
        CASE WHEN memberships = 1 THEN told_since ELSE standing_since END AS standing_since,
        memberships,
        placed,
        joined_on,
        nullif(official_on, DATE '0001-01-01') AS official_on,
        coalesce(listed, FALSE) AS listed,
        CAST(round_no AS INTEGER) AS round_no
    FROM turns
),
stood AS (
    SELECT
        g.person,
        g.no,
        g.place,
        g.moment,
        g.effective_on,
        g.kind,
        g.class_type,
        g.no IN (SELECT no FROM first_times) AS first_of_class,
        g.moves OR (g.stage IS NOT NULL AND s.standing IN ('applicant', 'left')) AS changes,
        s.standing,
        s.standing_since,
        s.placed,
        s.joined_on,
        s.official_on,
        s.listed,
        -- Whoever was a member before is admitted again, also by the decision to do so.
        (g.admits AND (g.says_readmission OR s.memberships > 1))
        OR (g.decides AND s.memberships > 0) AS readmits,
        -- A later round weighs more than any stage. What was done off the list brought nobody
        -- further, nor a decision that nobody had taken.
        CASE WHEN s.in_pipeline THEN
            16 * s.round_no
            + CASE WHEN NOT g.cancels OR g.no IN (SELECT no FROM cancelled)
                THEN coalesce(g.stage, 0) ELSE 0 END
        END AS weight
    FROM states AS s
    JOIN given AS g ON g.person = s.person AND g.moment >= s.moment AND g.moment < s.next_moment
)
SELECT
    person,
    no,
    place,
    effective_on,
    kind,
    class_type,
    first_of_class,
    changes,
    -- Up to when that holds, of an entry that changes anything.
    coalesce(
        first_value(CASE WHEN changes THEN effective_on END IGNORE NULLS) OVER still_to_come,
        DATE '9999-12-31'
    ) AS until,
    standing,
    standing_since,
    placed,
    joined_on,
    official_on,
    listed,
    readmits,
    lag(standing, 1, 'none') OVER each_person AS standing_before,
    lag(placed) OVER each_person AS placed_before,
    -- The furthest stage of this round.
    CASE WHEN weight IS NOT NULL AND standing IN ('applicant', 'left') THEN
        nullif(max(weight) OVER so_far % 16, 0)
    END AS stage
FROM stood
WINDOW
    each_person AS (PARTITION BY person ORDER BY moment),
    so_far AS (PARTITION BY person ORDER BY moment ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
    still_to_come AS (
        PARTITION BY person ORDER BY moment ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    )
