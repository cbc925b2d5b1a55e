, places AS (
    SELECT
        person, unit,
        kind IN ('carried_forward', 'admitted', 'transferred', 'transferred_in') AS is_member,
        row_number() OVER (PARTITION BY person ORDER BY day DESC, place DESC) AS nth
    FROM live
    WHERE day <= :day AND kind IN (
        'carried_forward', 'admitted', 'transferred', 'transferred_in',
        'died', 'expelled', 'deleted', 'left_on_request', 'transferred_out'
    )
),
members AS (
    SELECT person IN (
        SELECT person FROM live
        WHERE kind IN ('recognized_official', 'carried_forward') AND day <= :day
    ) AS is_official
    FROM places
    WHERE nth = 1 AND is_member AND unit IN (SELECT unit FROM under)
),
stocks AS (
    SELECT how_many, max(day)
    FROM live
    WHERE kind = 'unnamed_counted' AND measure = 'members' AND day <= :day
        AND unit IN (SELECT unit FROM under)
    GROUP BY unit, filters
)
SELECT
    (SELECT count(*) FROM members WHERE NOT is_official),
    (SELECT count(*) FROM members WHERE is_official),
    (SELECT coalesce(sum(how_many), 0) FROM stocks)
