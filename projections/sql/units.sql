-- Name, type and sector of each unit, one row for each stretch in which they are the same.
WITH changes AS (
    SELECT
        l.unit,
        e.effective_on AS since,
        lead(e.effective_on, 1, l.ended_on) OVER each_unit AS until,
        last_value(e.name IGNORE NULLS) OVER so_far AS name,
        last_value(e.type IGNORE NULLS) OVER so_far AS type,
        last_value(e.sector IGNORE NULLS) OVER so_far AS sector,
        last_value(e.enterprise IGNORE NULLS) OVER so_far AS enterprise,
        l.founded_on,
        l.ended_on
    FROM live AS e
    JOIN lives AS l ON l.code = e.unit
    WHERE e.kind IN ('unit_founded', 'unit_renamed', 'unit_reclassified')
    WINDOW
        each_unit AS (PARTITION BY e.unit ORDER BY e.effective_on, e.place),
        so_far AS (
            PARTITION BY e.unit ORDER BY e.effective_on, e.place
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
)
SELECT * FROM changes WHERE since < until
