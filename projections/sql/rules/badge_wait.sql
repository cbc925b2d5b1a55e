-- From the latest discipline of one form to a badge.
SELECT b.no, b.on_day, max(d.on_day) AS since
FROM acts AS b
JOIN acts AS d
    ON d.person = b.person AND d.kind = 'disciplined' AND d.form = $form AND d.nth < b.nth
WHERE b.kind = 'badge_awarded'
GROUP BY b.no, b.on_day
