-- What waits for a next step at the end of a day: what, for whom, where, since which entry and
-- day. How long it may wait is in the rulebook. What an applicant did before they were taken off
-- the list, or while they were off it, is no step of their way since they are on it again; a
-- certificate stays theirs. What a cell considered before a paper did not end its validity.
WITH rounds AS (
    SELECT person, max(round_no + closes) AS round_no FROM acts GROUP BY person
),
taken_off AS (
    SELECT person, max(nth) AS nth FROM acts
    WHERE kind = 'delisted' OR closes = 1
    GROUP BY person
),
on_again AS (
    SELECT a.person, min(a.nth) AS nth
    FROM acts AS a
    JOIN taken_off AS t ON t.person = a.person AND t.nth < a.nth
    WHERE a.kind IN ('nominated', 'listed')
    GROUP BY a.person
),
present AS (
    SELECT a.*
    FROM acts AS a
    JOIN rounds AS r ON r.person = a.person AND r.round_no = a.round_no AND a.closes = 0
    LEFT JOIN on_again AS o ON o.person = a.person
    WHERE a.nth >= coalesce(o.nth, 0)
),
joinings AS (
    SELECT person, no, row_number() OVER (PARTITION BY person ORDER BY nth DESC) AS back
    FROM acts
    WHERE kind = 'admitted' OR joined_on IS NOT NULL
),
now_in AS (
    SELECT s.person, s.unit, s.standing, s.stage, s.joined_on, j.no
    FROM spells AS s
    LEFT JOIN joinings AS j ON j.person = s.person AND j.back = 1
    WHERE s.since <= $as_of AND s.until > $as_of
),
latest AS (
    SELECT
        person, no, nth, kind, on_day, body, matter,
        CASE
            WHEN kind <> 'resolved' THEN TRUE
            WHEN body = 'deciding_body' THEN 2 * votes_for > eligible
            ELSE 3 * votes_for >= 2 * eligible
        END AS passed,
        row_number() OVER (
            PARTITION BY person,
                CASE
                    WHEN kind IN ('vetting_requested', 'vetted') THEN 'vetting'
                    WHEN kind IN ('admission_decided', 'admission_cancelled') THEN 'decision'
                    WHEN kind = 'resolved' THEN concat(body, '/', matter)
                    ELSE kind
                END
            ORDER BY nth DESC
        ) AS back
    FROM present
    WHERE kind IN (
        'dossier_opened', 'vetting_requested', 'vetted', 'resolved', 'admission_decided',
        'admission_cancelled'
    )
),
certificates AS (
    SELECT
        person, no, nth, on_day, row_number() OVER (PARTITION BY person ORDER BY nth DESC) AS back
    FROM acts
    WHERE kind = 'attended_class' AND class_type = 'awareness'
),
cells AS (
    SELECT person, matter, nth FROM latest
    WHERE back = 1 AND kind = 'resolved' AND body = 'cell'
),
decisions AS (
    SELECT DISTINCT person FROM latest WHERE back = 1 AND kind = 'admission_decided'
),
stays AS (
    SELECT
        person, no, kind, on_day,
        row_number() OVER (
            PARTITION BY person, CASE WHEN kind IN ('exempted', 'exemption_ended') THEN 1 ELSE 2 END
            ORDER BY nth DESC
        ) AS back
    FROM present
    WHERE kind IN (
        'temporary_transfer_began', 'temporary_transfer_ended', 'exempted', 'exemption_ended'
    )
)
SELECT 'probation_ends' AS what, 'PRB-LENGTH' AS rule, person, unit, no, joined_on AS since
FROM now_in
WHERE standing = 'probationary' AND joined_on IS NOT NULL
UNION ALL
SELECT 'recognition_considered', 'PRB-CELL-TIME', n.person, n.unit, n.no,
    CAST(n.joined_on + INTERVAL 12 MONTH AS DATE)
FROM now_in AS n
LEFT JOIN cells AS c ON c.person = n.person AND c.matter = 'recognition'
WHERE n.standing = 'probationary' AND n.joined_on IS NOT NULL AND c.person IS NULL
UNION ALL
SELECT 'recognition_decided', 'PRB-DECIDE-TIME', n.person, n.unit, l.no, l.on_day
FROM now_in AS n
JOIN latest AS l ON l.person = n.person AND l.back = 1 AND l.kind = 'resolved'
    AND l.body = 'cell' AND l.matter = 'recognition' AND l.passed
WHERE n.standing = 'probationary'
UNION ALL
SELECT 'certificate_expires', 'ADM-CERT-VALID', n.person, n.unit, t.no, t.on_day
FROM now_in AS n
JOIN certificates AS t ON t.person = n.person AND t.back = 1
LEFT JOIN cells AS c ON c.person = n.person AND c.matter = 'admission' AND c.nth > t.nth
WHERE n.stage IS NOT NULL AND c.person IS NULL
UNION ALL
SELECT 'dossier_expires', 'ADM-DOSSIER-VALID', n.person, n.unit, t.no, t.on_day
FROM now_in AS n
JOIN latest AS t ON t.person = n.person AND t.back = 1 AND t.kind = 'dossier_opened'
LEFT JOIN cells AS c ON c.person = n.person AND c.matter = 'admission' AND c.nth > t.nth
WHERE n.stage IS NOT NULL AND c.person IS NULL
UNION ALL
SELECT 'vetting_answered', 'ADM-VET-REPLY', n.person, n.unit, t.no, t.on_day
FROM now_in AS n
JOIN latest AS t ON t.person = n.person AND t.back = 1 AND t.kind = 'vetting_requested'
WHERE n.stage IS NOT NULL
UNION ALL
SELECT 'admission_decided', 'ADM-DECIDE-TIME', n.person, n.unit, t.no, t.on_day
FROM now_in AS n
JOIN latest AS t ON t.person = n.person AND t.back = 1 AND t.kind = 'resolved'
    AND t.body = 'cell' AND t.matter = 'admission' AND t.passed
LEFT JOIN decisions AS d ON d.person = n.person
WHERE n.stage IS NOT NULL AND d.person IS NULL
UNION ALL
SELECT 'ceremony_held', 'ADM-CEREMONY', n.person, n.unit, t.no, t.on_day
FROM now_in AS n
JOIN latest AS t ON t.person = n.person AND t.back = 1 AND t.kind = 'admission_decided'
WHERE n.stage IS NOT NULL
UNION ALL
SELECT
    CASE s.kind WHEN 'exempted' THEN 'exemption_ends' ELSE 'temporary_transfer_ends' END,
    CASE s.kind WHEN 'exempted' THEN 'EXM-TERM-HN' ELSE 'TMP-MAX' END,
    n.person, n.unit, s.no, s.on_day
FROM now_in AS n
JOIN stays AS s ON s.person = n.person AND s.back = 1
    AND s.kind IN ('temporary_transfer_began', 'exempted')
WHERE n.standing IN ('probationary', 'official')
