-- Whoever was ever in one of the units asked about, or in one whose people these took over or
-- passed on: nothing that anybody else did is judged there.
WITH places AS (
    SELECT DISTINCT unit FROM under WHERE top = $top
),
near AS (
    SELECT unit FROM places
    UNION
    SELECT h.unit FROM heirs AS h JOIN places AS p ON p.unit = h.holder
    UNION
    SELECT h.holder FROM heirs AS h JOIN places AS p ON p.unit = h.unit
)
SELECT f.person FROM flows AS f JOIN near AS n ON n.unit = f.unit WHERE f.person IS NOT NULL
UNION
SELECT f.person FROM flows AS f JOIN near AS n ON n.unit = f.unit_before WHERE f.person IS NOT NULL
