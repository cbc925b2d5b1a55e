-- From the end of the twelve months to the first time the cell considers the recognition.
WITH firsts AS (
    SELECT
        no, person, on_day,
        row_number() OVER (PARTITION BY person, round_no ORDER BY nth) AS nth_time
    FROM acts
    WHERE kind = 'resolved' AND body = 'cell' AND matter = 'recognition'
)
SELECT
    a.no, a.on_day, CAST(s.joined_on + INTERVAL 12 MONTH AS DATE) AS since,
    CASE WHEN s.joined_on IS NULL THEN 'no_ceremony' END AS missing
FROM firsts AS a
LEFT JOIN spells AS s ON s.person = a.person AND s.since <= a.on_day AND s.until > a.on_day
WHERE a.nth_time = 1
