-- The entries of people that rules look at, in the order of each person: nth. A round ends
-- with an admission, with leaving, or with coming as a member: what leads to an admission and
-- the admission itself are of one round, the probation is of the next.
WITH given AS (
    SELECT
        e.no, e.place, e.kind, p.person, e.effective_on AS on_day, e.unit AS unit_code,
        c.type AS class_type, e.body, e.matter, e.votes_for, e.votes_against, e.eligible,
        e.referrer, e.host, e.form, e.years, e.readmission, e.document_date, e.by_unit,
        e."to" AS to_code, e.joined_on, e.decided_on, e.profile_birth_year AS birth_year,
        e.consent_number IS NOT NULL AS consented,
        CASE WHEN e.kind IN (
            'admitted', 'carried_forward', 'transferred_in', 'restored',
            'deleted', 'expelled', 'left_on_request', 'transferred_out'
        ) THEN 1 ELSE 0 END AS closes
    FROM live AS e
    JOIN persons AS p ON p.code = e.person
    LEFT JOIN classes AS c ON c.class = e.class
    WHERE e.kind IN (
        'nominated', 'listed', 'delisted', 'attended_class', 'referred', 'dossier_opened',
        'vetting_requested', 'vetted', 'resolved', 'dossier_submitted', 'admission_decided',
        'admission_cancelled', 'admitted', 'carried_forward', 'recognized_official',
        'card_issued', 'card_returned', 'transferred', 'transferred_out', 'transferred_in',
        'temporary_transfer_began', 'temporary_transfer_ended', 'exempted', 'exemption_ended',
        'suspended', 'reinstated', 'disciplined', 'deleted', 'expelled', 'left_on_request',
        'restored', 'died', 'badge_awarded', 'profile_changed'
    )
)
SELECT
    *,
    row_number() OVER each_person AS nth,
    sum(closes) OVER each_person - closes AS round_no
FROM given
WINDOW each_person AS (
    PARTITION BY person ORDER BY on_day, place
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
)
