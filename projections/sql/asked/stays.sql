-- The first time each person reached each stage in a period, under a unit on that day: how
-- the stay ended by the day asked, and the first admission that followed by then.
WITH reached AS (
    SELECT
        s.*,
        row_number() OVER (PARTITION BY s.person, s.stage ORDER BY s.since, s.place) AS nth
    FROM stays AS s
    JOIN under AS b
        ON b.top = $top AND b.unit = s.unit AND b.since <= s.since AND b.until > s.since
    WHERE s.since BETWEEN $since AND $last_on
),
followed AS (
    SELECT
        r.person,
        r.stage,
        a.effective_on,
        a.no,
        row_number() OVER (PARTITION BY r.person, r.stage ORDER BY a.effective_on, a.no) AS nth
    FROM reached AS r
    JOIN admissions AS a
        ON a.person = r.person AND a.effective_on BETWEEN r.since AND $as_of
    WHERE r.nth = 1
)
SELECT
    r.person,
    r.stage,
    r.since,
    r.no,
    CASE WHEN r.until <= $as_of THEN r.outcome ELSE 'waiting' END AS outcome,
    CASE WHEN r.until <= $as_of THEN r.next_no ELSE r.no END AS outcome_no,
    DATE_DIFF('day', r.since, least(r.until, CAST($as_of AS DATE))) AS days,
    f.effective_on AS admitted_on,
    f.no AS admitted_no
FROM reached AS r
LEFT JOIN followed AS f ON f.person = r.person AND f.stage = r.stage AND f.nth = 1
WHERE r.nth = 1
