-- Since when a referrer and the applicant had been in one unit, as far as the book knows. Who
-- passed to another unit with the whole of their own has not moved.
WITH wanted AS (
    SELECT a.no, a.on_day, a.person, p.person AS referrer
    FROM acts AS a
    LEFT JOIN persons AS p ON p.code = a.referrer
    WHERE a.kind = 'referred' AND a.referrer NOT IN ('youth_union', 'trade_union')
),
pieces AS (
    SELECT
        s.person, s.unit, s.since, s.until, s.no,
        CASE
            WHEN lag(s.until) OVER each_person = s.since
                AND (lag(s.unit) OVER each_person = s.unit OR lag(s.no) OVER each_person = s.no)
                THEN 0
            ELSE 1
        END AS begins
    FROM spells AS s
    WHERE s.standing NOT IN ('left', 'dead') AND s.person IN (SELECT referrer FROM wanted)
    WINDOW each_person AS (PARTITION BY s.person ORDER BY s.since)
),
stays AS (
    SELECT
        person, unit, until,
        max(CASE WHEN begins = 1 THEN since END) OVER so_far AS since,
        last_value(CASE WHEN begins = 1 THEN no END IGNORE NULLS) OVER so_far AS first_no,
        since AS here_since
    FROM pieces
    WINDOW so_far AS (
        PARTITION BY person ORDER BY since ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
apart AS (
    SELECT w.no, max(least(x.until, y.until)) AS until
    FROM wanted AS w
    JOIN spells AS x ON x.person = w.person AND x.since <= w.on_day
    JOIN spells AS y
        ON y.person = w.referrer AND y.unit <> x.unit AND y.since < x.until
        AND x.since < y.until AND y.since <= w.on_day
    GROUP BY w.no
)
SELECT
    w.no, w.on_day, greatest(r.since, coalesce(a.until, r.since)) AS since,
    CASE
        WHEN w.referrer IS NULL THEN 'outside_book'
        WHEN s.unit IS NULL OR r.unit IS NULL OR r.unit <> s.unit THEN 'other_unit'
    END AS missing,
    CASE WHEN o.kind = 'carried_forward' AND coalesce(a.until, r.since) <= r.since
        THEN 'book_begins' END AS unsure
FROM wanted AS w
LEFT JOIN apart AS a ON a.no = w.no
LEFT JOIN spells AS s
    ON s.person = w.person AND s.since <= w.on_day AND s.until > w.on_day
LEFT JOIN stays AS r
    ON r.person = w.referrer AND r.here_since <= w.on_day AND r.until > w.on_day
LEFT JOIN acts AS o ON o.no = r.first_no
