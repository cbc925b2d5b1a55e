-- Whose rows in the derived tables are others after what was recorded since an entry, and
-- whether those of more people may be: where units changed, or what opened a file or a class
-- was taken back. A class that was opened counts for those whose entries name it.
WITH late AS (
    SELECT kind, person, class FROM log WHERE no > $since
),
touched AS (
    SELECT kind, person, FALSE AS was_displaced FROM late
    UNION ALL
    SELECT g.kind, g.person, TRUE AS was_displaced
    FROM displaced AS d
    JOIN log AS g ON g.no = d.no
    WHERE d.by_no > $since
    UNION ALL
    SELECT g.kind, g.person, FALSE AS was_displaced
    FROM log AS g
    WHERE g.class IN (SELECT class FROM late WHERE kind = 'class_opened')
)
SELECT
    t.person,
    bool_or(
        k.kind IN (
            'unit_founded', 'unit_renamed', 'unit_reclassified', 'unit_moved', 'unit_merged',
            'unit_dissolved'
        )
        OR (t.was_displaced AND (k.opens OR k.kind = 'class_opened'))
    ) AS of_more
FROM touched AS t
JOIN kinds AS k ON k.kind = t.kind
GROUP BY t.person
