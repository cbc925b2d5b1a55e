-- Every entry of a person that counts, in the order of each person, with what the paths of
-- people are made of: kinds, units and classes by their numbers, and the stage it brings to.
SELECT
    p.person,
    e.no,
    e.place,
    e.effective_on,
    k.number AS kind,
    l.unit AS placed,
    e.joined_on,
    e.official_on,
    e.readmission,
    CASE
        WHEN k.of_awareness AND c.type <> 'awareness' THEN NULL
        WHEN e.kind <> 'resolved' THEN k.stage
        WHEN e.matter <> 'admission' THEN NULL
        WHEN e.body = 'deciding_body' AND 2 * e.votes_for > e.eligible THEN k.stage
        WHEN e.body <> 'deciding_body' AND 3 * e.votes_for >= 2 * e.eligible THEN k.stage
    END AS stage,
    c.number AS class
FROM live AS e
JOIN kinds AS k ON k.kind = e.kind
JOIN persons AS p ON p.code = e.person
LEFT JOIN lives AS l ON l.code = CASE k.place WHEN 'unit' THEN e.unit WHEN 'to' THEN e."to" END
LEFT JOIN classes AS c ON c.class = e.class
WHERE k.stream = 'person'
ORDER BY p.person, e.effective_on, e.place
