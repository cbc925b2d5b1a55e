-- Every entry of a person with where it leaves them: standing, stage, unit as it was named.
-- What a kind does comes from the table of kinds, which the lifecycle declares.
WITH given AS (
    SELECT
        p.person,
        e.no,
        e.kind,
        e.effective_on,
        e.class,
        c.type AS class_type,
        k.changes,
        CASE WHEN k.official_by IS NOT NULL AND e.official_on IS NOT NULL
            THEN 'official' ELSE k.gives END AS gives,
        l.unit AS placed,
        CASE WHEN e.kind = 'admitted' THEN e.effective_on ELSE e.joined_on END AS joined_on,
        -- The first of January of the year 1 stands for "not official any more".
        CASE e.kind WHEN 'admitted' THEN DATE '0001-01-01'
            WHEN 'recognized_official' THEN e.effective_on
            ELSE e.official_on END AS official_on,
        CASE
            WHEN k.of_awareness AND c.type <> 'awareness' THEN NULL
            WHEN e.kind <> 'resolved' THEN k.stage
            WHEN e.matter <> 'admission' THEN NULL
            WHEN e.body = 'deciding_body' AND 2 * e.votes_for > e.eligible THEN k.stage
            WHEN e.body <> 'deciding_body' AND 3 * e.votes_for >= 2 * e.eligible THEN k.stage
        END AS stage
    FROM live AS e
    JOIN kinds AS k ON k.kind = e.kind
    JOIN persons AS p ON p.code = e.person
    LEFT JOIN lives AS l ON l.code = CASE k.place WHEN 'unit' THEN e.unit WHEN 'to' THEN e."to" END
    LEFT JOIN classes AS c ON c.class = e.class
    WHERE k.stream = 'person'
),
left_before AS (
    SELECT
        *,
        last_value(
            CASE WHEN gives IN ('probationary', 'official') THEN gives END IGNORE NULLS
        ) OVER (
            PARTITION BY person ORDER BY effective_on, no
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS was
    FROM given
),
stood AS (
    SELECT
        person,
        no,
        kind,
        effective_on,
        class,
        class_type,
        changes,
        gives,
        stage,
        last_value(
            CASE gives WHEN 'previous' THEN coalesce(was, 'probationary') ELSE gives END
            IGNORE NULLS
        ) OVER so_far AS standing,
        last_value(CASE WHEN gives IS NOT NULL THEN effective_on END IGNORE NULLS)
            OVER so_far AS standing_since,
        last_value(placed IGNORE NULLS) OVER so_far AS placed,
        last_value(joined_on IGNORE NULLS) OVER so_far AS joined_on,
        nullif(last_value(official_on IGNORE NULLS) OVER so_far, DATE '0001-01-01')
            AS official_on
    FROM left_before
    WINDOW so_far AS (
        PARTITION BY person ORDER BY effective_on, no
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
-- Whoever leaves the pipeline, or is a member, begins it anew; every row of a membership is
-- such a beginning, so that nothing done as a member counts for a later nomination.
begun AS (
    SELECT
        *,
        CASE
            WHEN standing NOT IN ('applicant', 'left') OR gives = 'left' OR kind = 'delisted'
                THEN 1
            ELSE 0
        END AS begins
    FROM stood
),
numbered AS (
    SELECT
        *,
        -- A cancelled decision takes the person back to an earlier stage.
        sum(CASE WHEN kind = 'admission_cancelled' THEN 1 ELSE begins END)
            OVER so_far AS round_no,
        last_value(CASE WHEN begins = 1 THEN FALSE WHEN kind = 'listed' THEN TRUE END IGNORE NULLS)
            OVER so_far AS listed
    FROM begun
    WINDOW so_far AS (
        PARTITION BY person ORDER BY effective_on, no
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
)
SELECT
    person,
    no,
    kind,
    effective_on,
    class,
    class_type,
    changes,
    standing,
    standing_since,
    placed,
    joined_on,
    official_on,
    coalesce(listed, FALSE) AS listed,
    lag(standing, 1, 'none') OVER each_person AS standing_before,
    lag(placed) OVER each_person AS placed_before,
    -- The furthest stage of this round: later rounds weigh more than any stage.
    CASE WHEN standing IN ('applicant', 'left') THEN nullif(
        max(16 * round_no + CASE WHEN begins = 1 THEN 0 ELSE coalesce(stage, 0) END) OVER so_far
        - 16 * round_no, 0) END AS stage
FROM numbered
WINDOW
    each_person AS (PARTITION BY person ORDER BY effective_on, no),
    so_far AS (
        PARTITION BY person ORDER BY effective_on, no
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
