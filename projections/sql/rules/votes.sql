-- The last vote of a body on a matter before the case went on. Recognition takes effect on a
-- day that may lie before the votes on it, so there the last vote of the round is meant.
WITH line AS (
    SELECT
        a.no, a.kind, a.on_day, a.votes_for, a.eligible,
        lead(a.kind) OVER each_case AS next_kind,
        lead(a.by_unit) OVER each_case AS by_unit
    FROM acts AS a
    WHERE (a.kind = 'resolved' AND a.body = $body AND a.matter = $matter)
        OR ($matter = 'admission' AND a.kind IN ('admission_decided', 'admitted'))
        OR ($matter = 'recognition' AND a.kind = 'recognized_official')
        OR ($matter = 'deletion' AND a.kind = 'deleted')
        OR ($matter = 'expulsion' AND a.kind = 'expelled')
    WINDOW each_case AS (
        PARTITION BY a.person, a.round_no
        ORDER BY CASE WHEN a.kind = 'recognized_official' THEN 1 ELSE 0 END, a.nth
    )
)
SELECT
    v.no, v.on_day, v.votes_for AS a, v.eligible AS b,
    $body = 'deciding_body' AND coalesce(u.type IN ('grassroots_committee', 'grassroots'), FALSE)
        AS other
FROM line AS v
LEFT JOIN lives AS l ON l.code = v.by_unit
LEFT JOIN units AS u ON u.unit = l.unit AND u.since <= v.on_day AND u.until > v.on_day
WHERE v.kind = 'resolved' AND v.next_kind IS NOT NULL AND v.next_kind <> 'resolved'
