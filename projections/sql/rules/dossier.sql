-- From the latest dossier to the cell's consideration.
SELECT
    c.no, c.on_day, max(t.on_day) AS since,
    CASE WHEN max(t.on_day) IS NULL THEN 'no_dossier' END AS missing,
    CASE WHEN NOT c.direct THEN 'no_consideration' END AS unsure
FROM considerations AS c
LEFT JOIN acts AS t
    ON t.person = c.person AND t.kind = 'dossier_opened' AND t.round_no = c.round_no
    AND t.on_day <= c.on_day
GROUP BY c.no, c.on_day, c.direct
