-- Since when a referrer had been in the unit of the applicant, without a break.
WITH pieces AS (
    SELECT
        s.person, s.unit, s.since, s.until, s.no,
        CASE
            WHEN lag(s.unit) OVER each_person = s.unit AND lag(s.until) OVER each_person = s.since
                THEN 0
            ELSE 1
        END AS begins
    FROM spells AS s
    WHERE s.standing NOT IN ('left', 'dead') AND s.person IN (
        SELECT p.person FROM acts AS a JOIN persons AS p ON p.code = a.referrer
    )
    WINDOW each_person AS (PARTITION BY s.person ORDER BY s.since)
),
numbered AS (
    SELECT
        *,
        sum(begins) OVER (
            PARTITION BY person ORDER BY since ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stay_no
    FROM pieces
),
stays AS (
    SELECT
        person, unit, min(since) AS since, max(until) AS until,
        min(CASE WHEN begins = 1 THEN no END) AS first_no
    FROM numbered
    GROUP BY person, unit, stay_no
)
SELECT
    a.no, a.on_day, r.since,
    CASE
        WHEN p.person IS NULL THEN 'outside_book'
        WHEN s.unit IS NULL OR r.unit IS NULL OR r.unit <> s.unit THEN 'other_unit'
    END AS missing,
    CASE WHEN o.kind = 'carried_forward' THEN 'book_begins' END AS unsure
FROM acts AS a
LEFT JOIN persons AS p ON p.code = a.referrer
LEFT JOIN spells AS s
    ON s.person = a.person AND s.since <= a.on_day AND s.until > a.on_day
LEFT JOIN stays AS r
    ON r.person = p.person AND r.since <= a.on_day AND r.until > a.on_day
LEFT JOIN acts AS o ON o.no = r.first_no
WHERE a.kind = 'referred' AND a.referrer NOT IN ('youth_union', 'trade_union')
