-- From the cell's resolution in favour to the paper of recognition, or to the resolution of
-- the body that decides.
WITH votes AS (
    SELECT person, round_no, body, on_day
    FROM acts
    WHERE kind = 'resolved' AND matter = 'recognition'
        AND CASE body WHEN 'cell' THEN 3 * votes_for >= 2 * eligible
            WHEN 'deciding_body' THEN 2 * votes_for > eligible ELSE FALSE END
),
decided AS (
    SELECT
        a.no, a.person, a.round_no, a.on_day,
        coalesce(a.document_date, max(v.on_day)) AS decided_on
    FROM acts AS a
    LEFT JOIN votes AS v
        ON v.person = a.person AND v.round_no = a.round_no AND v.body = 'deciding_body'
    WHERE a.kind = 'recognized_official'
    GROUP BY a.no, a.person, a.round_no, a.on_day, a.document_date
)
SELECT
    d.no, coalesce(d.decided_on, d.on_day) AS on_day, s.unit, max(v.on_day) AS since,
    CASE
        WHEN d.decided_on IS NULL THEN 'no_decision'
        WHEN max(v.on_day) IS NULL THEN 'no_resolution'
    END AS missing
FROM decided AS d
LEFT JOIN votes AS v
    ON v.person = d.person AND v.round_no = d.round_no AND v.body = 'cell'
    AND v.on_day <= d.decided_on
LEFT JOIN spells AS s
    ON s.person = d.person AND s.since <= coalesce(d.decided_on, d.on_day)
    AND s.until > coalesce(d.decided_on, d.on_day)
GROUP BY d.no, d.on_day, d.decided_on, s.unit
