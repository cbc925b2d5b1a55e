-- Every action with its person and with its unit on that day, after the day's unit changes.
-- Whoever leaves is counted where they left.
WITH decisions AS (
    SELECT
        no,
        lead(kind) OVER each_person AS next_kind,
        lead(effective_on) OVER each_person AS next_on
    FROM steps
    WHERE
        kind IN ('admission_decided', 'admission_cancelled')
        AND person IN (SELECT person FROM steps WHERE kind = 'admission_cancelled')
    WINDOW each_person AS (PARTITION BY person ORDER BY effective_on, place)
),
actions AS (
    SELECT
        s.no, s.kind, s.effective_on, s.person, s.placed, s.placed_before,
        s.standing_before, s.standing, s.stage, s.readmits, s.class_type, s.first_of_class,
        CASE WHEN d.next_kind = 'admission_cancelled' THEN d.next_on END AS cancelled_on
    FROM steps AS s
    LEFT JOIN decisions AS d ON d.no = s.no
    UNION ALL
    SELECT
        e.no, e.kind, e.effective_on, NULL, l.unit, NULL,
        NULL, NULL, NULL, FALSE, CASE e.kind WHEN 'class_opened' THEN e.type END,
        FALSE, NULL
    FROM live AS e
    JOIN lives AS l ON l.code = CASE e.kind WHEN 'class_opened' THEN e.organiser ELSE e.unit END
    WHERE e.kind IN ('class_opened', 'unit_founded')
)
SELECT
    a.no, a.kind, a.effective_on, a.person, h.holder AS unit, b.holder AS unit_before,
    a.standing_before, a.standing, a.stage, a.readmits, a.class_type, a.first_of_class, a.cancelled_on
FROM actions AS a
LEFT JOIN heirs AS h
    ON h.unit = a.placed AND h.since <= a.effective_on AND h.until > a.effective_on
LEFT JOIN heirs AS b
    ON b.unit = a.placed_before AND b.since <= a.effective_on AND b.until > a.effective_on
