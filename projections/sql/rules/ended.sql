-- Whether what ends had begun: the entry before of the same pair.
WITH paired AS (
    SELECT
        no, on_day, person, kind,
        lag(kind) OVER (
            PARTITION BY person,
                CASE
                    WHEN kind IN ('exempted', 'exemption_ended') THEN 1
                    WHEN kind IN ('suspended', 'reinstated') THEN 2
                    ELSE 3
                END
            ORDER BY nth
        ) AS before
    FROM acts
    WHERE kind IN (
        'exempted', 'exemption_ended', 'suspended', 'reinstated',
        'temporary_transfer_began', 'temporary_transfer_ended'
    )
),
brought AS (
    SELECT DISTINCT person FROM acts WHERE kind IN ('carried_forward', 'transferred_in')
)
SELECT
    p.no, p.on_day, p.kind AS told,
    coalesce(p.before IN ('exempted', 'suspended', 'temporary_transfer_began'), FALSE) AS ok,
    CASE WHEN p.before IS NULL AND b.person IS NOT NULL THEN 'book_begins' END AS missing
FROM paired AS p
LEFT JOIN brought AS b ON b.person = p.person
WHERE p.kind IN ('exemption_ended', 'reinstated', 'temporary_transfer_ended')
