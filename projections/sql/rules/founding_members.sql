-- Official members at the end of the day on which a unit was founded, in all its subtree.
WITH founded AS (
    SELECT e.no, l.unit, e.effective_on AS on_day
    FROM live AS e
    JOIN lives AS l ON l.code = e.unit
    WHERE e.kind = 'unit_founded' AND e.effective_on <= $as_of
        AND e.type NOT IN ('temporary_cell', 'party_group')
),
parts AS (
    SELECT f.no, f.on_day, b.unit
    FROM founded AS f
    JOIN subtrees AS b ON b.top = f.unit AND b.since <= f.on_day AND b.until > f.on_day
),
named AS (
    SELECT
        p.no,
        count(CASE WHEN s.standing = 'official' THEN 1 END) AS officials,
        count(CASE WHEN s.standing = 'probationary' THEN 1 END) AS others
    FROM parts AS p
    JOIN spells AS s ON s.unit = p.unit AND s.since <= p.on_day AND s.until > p.on_day
    GROUP BY p.no
),
nameless AS (
    SELECT p.no, sum(u.count) AS how_many
    FROM parts AS p
    JOIN unnamed_stock AS u
        ON u.unit = p.unit AND u.measure = 'members' AND u.since <= p.on_day
        AND u.until > p.on_day
    GROUP BY p.no
)
SELECT
    f.no, f.on_day, f.unit, coalesce(n.officials, 0) AS a,
    CASE
        WHEN coalesce(n.officials, 0) + coalesce(n.others, 0) + coalesce(c.how_many, 0) = 0
            THEN 'nobody_there'
    END AS missing,
    CASE WHEN coalesce(n.officials, 0) + coalesce(c.how_many, 0) >= 3 THEN 'unnamed' END
        AS unsure
FROM founded AS f
LEFT JOIN named AS n ON n.no = f.no
LEFT JOIN nameless AS c ON c.no = f.no
