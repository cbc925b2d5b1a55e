-- Every entry of a person with where it leaves them: standing, stage, unit as it was named.
-- What a kind does comes from the table of kinds, which the lifecycle declares.
WITH given AS (
    SELECT
        p.person,
        e.no,
        e.place,
        e.effective_on,
        k.moves,
        l.unit AS placed,
        e.joined_on,
        e.official_on,
        k.official_by IS NOT NULL AS comes,
        e.kind = 'admitted' AS admits,
        e.kind = 'admission_decided' AS decides,
        coalesce(e.readmission, FALSE) AS says_readmission,
        -- Who becomes a member is on the way no more, not even after leaving the Party.
        coalesce(k.in_pipeline, CASE WHEN k.gives <> 'applicant' THEN FALSE END) AS in_pipeline,
        e.kind = 'listed' AS lists,
        e.kind = 'admission_cancelled' AS cancels,
        CASE WHEN k.official_by IS NOT NULL AND e.official_on IS NOT NULL
            THEN 'official' ELSE k.gives END AS gives,
        -- Whoever leaves the pipeline, becomes a member or leaves the Party begins it anew.
        k.gives <> 'applicant' OR e.kind = 'delisted' AS begins,
        CASE
            WHEN k.of_awareness AND c.type <> 'awareness' THEN NULL
            WHEN e.kind <> 'resolved' THEN k.stage
            WHEN e.matter <> 'admission' THEN NULL
            WHEN e.body = 'deciding_body' AND 2 * e.votes_for > e.eligible THEN k.stage
            WHEN e.body <> 'deciding_body' AND 3 * e.votes_for >= 2 * e.eligible THEN k.stage
        END AS stage,
        e.kind = 'recognized_official' AS recognizes
    FROM live AS e
    JOIN kinds AS k ON k.kind = e.kind
    JOIN persons AS p ON p.code = e.person
    LEFT JOIN lives AS l ON l.code = CASE k.place WHEN 'unit' THEN e.unit WHEN 'to' THEN e."to" END
    LEFT JOIN classes AS c ON c.class = e.class
    WHERE k.stream = 'person'
),
-- Only the decision on somebody who is at that stage can be cancelled; few ever are.
cancelled AS (
    SELECT no
    FROM (
        SELECT
            no,
            cancels,
            last_value(
                CASE WHEN begins OR cancels THEN FALSE WHEN decides AND on_way THEN TRUE END
                IGNORE NULLS
            ) OVER (
                PARTITION BY person ORDER BY effective_on, place
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS is_decided
        FROM (
            SELECT
                *,
                last_value(in_pipeline IGNORE NULLS) OVER (
                    PARTITION BY person ORDER BY effective_on, place
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS on_way
            FROM given
            WHERE person IN (SELECT person FROM given WHERE cancels)
        ) AS listed
    ) AS before
    WHERE cancels AND is_decided
),
stood AS (
    SELECT
        person,
        no,
        place,
        effective_on,
        moves,
        CASE WHEN NOT cancels OR no IN (SELECT no FROM cancelled) THEN stage END AS stage,
        admits,
        decides,
        says_readmission,
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
        count(CASE WHEN begins OR (cancels AND no IN (SELECT no FROM cancelled)) THEN 1 END)
            OVER so_far AS round_no
    FROM given
    WINDOW so_far AS (
        PARTITION BY person ORDER BY effective_on, place
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
standing AS (
    SELECT
        *,
        CASE gave WHEN 'previous' THEN coalesce(membership, 'probationary') ELSE gave END
            AS standing
    FROM stood
)
SELECT
    person,
    no,
    place,
    effective_on,
    moves OR (stage IS NOT NULL AND standing IN ('applicant', 'left')) AS changes,
    standing,
    -- Who comes with a past has stood since a day before the entry, which it says.
    CASE WHEN memberships = 1 THEN told_since ELSE standing_since END AS standing_since,
    placed,
    joined_on,
    nullif(official_on, DATE '0001-01-01') AS official_on,
    coalesce(listed, FALSE) AS listed,
    -- Whoever was a member before is admitted again, also by the decision to do so.
    (admits AND (says_readmission OR memberships > 1)) OR (decides AND memberships > 0) AS readmits,
    lag(standing, 1, 'none') OVER each_person AS standing_before,
    lag(placed) OVER each_person AS placed_before,
    -- The furthest stage of this round: a later round weighs more than any stage. What was
    -- done off the list brought nobody further.
    CASE WHEN in_pipeline AND standing IN ('applicant', 'left') THEN
        CAST(
            nullif(
                max(CASE WHEN in_pipeline THEN 16 * round_no + coalesce(stage, 0) END) OVER so_far
                - 16 * round_no,
                0
            ) AS INTEGER
        )
    END AS stage
FROM standing
WINDOW
    each_person AS (PARTITION BY person ORDER BY effective_on, place),
    so_far AS (
        PARTITION BY person ORDER BY effective_on, place
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
