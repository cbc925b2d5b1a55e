-- Every entry behind every line of a movement, for each of the table parts: a top and a period.
-- On each day units change first, then people, each of their entries in the tree of that day.
WITH placed AS (
    SELECT p.part, p.opening_on, p.since AS first_on, p.last_on, u.unit, u.since, u.until
    FROM parts AS p
    JOIN under AS u ON u.top = p.top AND u.since <= p.last_on AND u.until > p.opening_on
),
-- Who was a member under the top after an entry, and who was one before it.
steps_across AS (
    SELECT p.part, f.no, f.kind, f.readmits, f.standing_before, 1 AS step
    FROM flows AS f
    JOIN placed AS p
        ON p.unit = f.unit AND p.since <= f.effective_on AND p.until > f.effective_on
        AND p.first_on <= f.effective_on AND p.last_on >= f.effective_on
    WHERE f.standing IN ('probationary', 'official')
        AND (f.standing_before NOT IN ('probationary', 'official') OR f.unit <> f.unit_before)
    UNION ALL
    SELECT p.part, f.no, f.kind, f.readmits, f.standing_before, -1 AS step
    FROM flows AS f
    JOIN placed AS p
        ON p.unit = f.unit_before AND p.since <= f.effective_on AND p.until > f.effective_on
        AND p.first_on <= f.effective_on AND p.last_on >= f.effective_on
    WHERE f.standing_before IN ('probationary', 'official')
        AND (f.standing NOT IN ('probationary', 'official') OR f.unit <> f.unit_before)
),
crossings AS (
    SELECT part, no, kind, readmits, standing_before, CAST(sum(step) AS INTEGER) AS step
    FROM steps_across
    GROUP BY part, no, kind, readmits, standing_before
    HAVING sum(step) <> 0
),
-- From when to when what was placed in a unit is held under the top, by itself or an heir;
-- where one stretch follows the other without a gap, nothing happens to its people.
held AS (
    SELECT u.top, h.unit, greatest(h.since, u.since) AS since, least(h.until, u.until) AS until
    FROM heirs AS h
    JOIN under AS u ON u.unit = h.holder AND u.since < h.until AND u.until > h.since
),
neighbours AS (
    SELECT
        top, unit, since, until,
        lag(until) OVER each_unit AS until_before,
        lead(since) OVER each_unit AS since_after
    FROM held
    WINDOW each_unit AS (PARTITION BY top, unit ORDER BY since)
),
turns AS (
    SELECT top, unit, since AS on_day, 'reorganised_in' AS line
    FROM neighbours
    WHERE until_before IS NULL OR until_before < since
    UNION ALL
    SELECT top, unit, until AS on_day, 'reorganised_out' AS line
    FROM neighbours
    WHERE since_after IS NULL OR since_after > until
),
reorganised AS (
    SELECT p.part, t.line, s.no
    FROM turns AS t
    JOIN parts AS p ON p.top = t.top AND p.since <= t.on_day AND p.last_on >= t.on_day
    JOIN spells AS s ON s.unit = t.unit AND s.since < t.on_day AND s.until >= t.on_day
    WHERE s.standing IN ('probationary', 'official')
),
ends AS (
    SELECT part, unit, 'opening' AS line, opening_on AS on_day, -1 AS step
    FROM placed
    WHERE since <= opening_on
    UNION ALL
    SELECT part, unit, 'closing' AS line, last_on AS on_day, 1 AS step
    FROM placed
    WHERE until > last_on
),
unnamed AS (
    SELECT e.part, e.line, e.step, n.no, n.count
    FROM ends AS e
    JOIN unnamed_stock AS n ON n.unit = e.unit AND n.since <= e.on_day AND n.until > e.on_day
    WHERE n.measure = 'members'
)
SELECT
    part,
    CASE
        WHEN kind = 'admitted' AND readmits THEN 'readmitted'
        WHEN kind = 'transferred' AND step > 0 THEN 'transferred_in'
        WHEN kind = 'transferred' THEN 'transferred_out'
        ELSE kind
    END AS line,
    no,
    1 AS how_many
FROM crossings
UNION ALL
SELECT
    part,
    CASE
        WHEN kind = 'deleted' THEN 'deleted_probationary'
        WHEN step > 0 THEN 'transferred_in_book'
        ELSE 'transferred_out_book'
    END AS line,
    no,
    1 AS how_many
FROM crossings
WHERE kind = 'transferred' OR (kind = 'deleted' AND standing_before = 'probationary')
UNION ALL
SELECT part, line, no, 1 AS how_many FROM reorganised
UNION ALL
SELECT e.part, e.line, s.no, 1 AS how_many
FROM ends AS e
JOIN spells AS s ON s.unit = e.unit AND s.since <= e.on_day AND s.until > e.on_day
WHERE s.standing IN ('probationary', 'official')
UNION ALL
SELECT part, line, no, count AS how_many FROM unnamed
UNION ALL
SELECT part, 'unnamed_change' AS line, no, step * count AS how_many FROM unnamed
