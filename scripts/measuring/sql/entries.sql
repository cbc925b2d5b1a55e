-- Every entry that counts, taken out of the JSON states of the library's own table.
WITH RECURSIVE entries AS MATERIALIZED (
    SELECT
        rowid AS no,
        json_extract(state, '$.entry.kind') AS kind,
        json_extract(state, '$.entry.effective_on') AS day,
        json_extract(state, '$.entry.person') AS person,
        coalesce(json_extract(state, '$.entry.to'), json_extract(state, '$.entry.unit')) AS unit,
        json_extract(state, '$.entry.parent') AS parent,
        json_extract(state, '$.entry.class') AS class,
        json_extract(state, '$.entry.organiser') AS organiser,
        json_extract(state, '$.entry.measure') AS measure,
        json_extract(state, '$.entry.count') AS how_many,
        json_extract(state, '$.entry.filters') AS filters,
        json_extract(state, '$.entry.period.from') AS since,
        json_extract(state, '$.entry.corrects') AS corrects,
        json_extract(state, '$.entry.entry') AS voids
    FROM (SELECT rowid, CAST(state AS TEXT) AS state FROM stored_events)
),
dead AS (
    SELECT voids AS no FROM entries WHERE voids IS NOT NULL
    UNION
    SELECT corrects FROM entries WHERE corrects IS NOT NULL
),
live AS MATERIALIZED (
    SELECT *, coalesce(corrects, no) AS place
    FROM entries
    WHERE kind <> 'voided' AND no NOT IN (SELECT no FROM dead)
),
under AS (
    SELECT :unit AS unit
    UNION
    SELECT l.unit FROM live AS l JOIN under AS u ON l.parent = u.unit WHERE l.kind = 'unit_founded'
)
