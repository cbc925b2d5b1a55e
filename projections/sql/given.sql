-- Every entry of a person with what its kind gives, from the table of kinds, which the
-- lifecycle declares. A table and no part of ``steps``: DuckDB 2.0.0 hands a part to several
-- readers while it is made, and fails on ten million entries ("changed identity").
SELECT
    p.person,
    e.no,
    e.place,
    e.effective_on,
    -- The order of a person's entries as one number: day, then place.
    4294967296 * DATE_DIFF('day', DATE '0001-01-01', e.effective_on) + e.place AS moment,
    e.kind,
    k.moves,
    l.unit AS placed,
    e.joined_on,
    e.official_on,
    k.official_by IS NOT NULL AS comes,
    e.kind = 'admitted' AS admits,
    e.kind = 'admission_decided' AS decides,
    coalesce(e.readmission, FALSE) AS says_readmission,
    k.in_pipeline,
    e.kind = 'listed' AS lists,
    e.kind = 'admission_cancelled' AS cancels,
    CASE WHEN k.official_by IS NOT NULL AND e.official_on IS NOT NULL
        THEN 'official' ELSE k.gives END AS gives,
    -- Whoever leaves the pipeline, becomes a member or leaves the Party begins it anew.
    k.gives <> 'applicant' OR e.kind = 'delisted' AS begins,
    CASE
        WHEN k.of_awareness AND c.type <> 'awareness' THEN NULL
        WHEN e.kind <> 'resolved' THEN k.stage
        WHEN e.matter <> 'admission' THEN NULL
        WHEN e.body = 'deciding_body' AND 2 * e.votes_for > e.eligible THEN k.stage
        WHEN e.body <> 'deciding_body' AND 3 * e.votes_for >= 2 * e.eligible THEN k.stage
    END AS stage,
    e.kind = 'recognized_official' AS recognizes,
    e.class,
    c.type AS class_type
FROM live AS e
JOIN kinds AS k ON k.kind = e.kind
JOIN persons AS p ON p.code = e.person
LEFT JOIN lives AS l ON l.code = CASE k.place WHEN 'unit' THEN e.unit WHEN 'to' THEN e."to" END
LEFT JOIN classes AS c ON c.class = e.class
WHERE k.stream = 'person'
