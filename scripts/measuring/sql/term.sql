, acts AS (
    SELECT
        person, day, place, kind, class,
        CASE WHEN kind IN ('nominated', 'carried_forward', 'admitted', 'transferred', 'transferred_in')
            THEN unit END AS unit,
        CASE WHEN kind IN ('nominated', 'carried_forward', 'admitted', 'transferred', 'transferred_in')
            THEN kind END AS placing
    FROM live
    WHERE kind IN (
        'nominated', 'carried_forward', 'admitted', 'recognized_official', 'transferred',
        'transferred_in', 'died', 'expelled', 'deleted', 'left_on_request', 'transferred_out',
        'enrolled_in_class', 'attended_class'
    )
),
stays AS (
    SELECT *, count(unit) OVER (PARTITION BY person ORDER BY day, place) AS stay FROM acts
),
placed AS (
    SELECT
        day, kind,
        max(unit) OVER (PARTITION BY person, stay) AS unit,
        max(placing) OVER (PARTITION BY person, stay) AS placing,
        class IS NOT NULL AND row_number() OVER (
            PARTITION BY person, class ORDER BY day, place
        ) = 1 AS is_first
    FROM stays
),
counted AS (
    SELECT 'admissions' AS measure, day, unit, 1 AS how_many FROM placed WHERE kind = 'admitted'
    UNION ALL
    SELECT 'recognitions', day, unit, 1 FROM placed WHERE kind = 'recognized_official'
    UNION ALL
    SELECT 'departures', day, unit, 1 FROM placed
    WHERE placing <> 'nominated'
        AND kind IN ('died', 'expelled', 'deleted', 'left_on_request', 'transferred_out')
    UNION ALL
    SELECT 'certificates', day, unit, 1 FROM placed WHERE kind = 'attended_class'
    UNION ALL
    SELECT 'class_participants', day, unit, 1 FROM placed WHERE is_first
    UNION ALL
    SELECT 'classes', day, organiser, 1 FROM live WHERE kind = 'class_opened'
    UNION ALL
    SELECT 'units_founded', day, unit, 1 FROM live WHERE kind = 'unit_founded'
    UNION ALL
    SELECT measure, day, unit, how_many FROM live WHERE kind = 'unnamed_counted' AND since >= :since
)
SELECT substr(day, 1, 4), measure, sum(how_many)
FROM counted
WHERE day >= :since AND day <= :until AND unit IN (SELECT unit FROM under)
GROUP BY 1, 2
