-- Re-admissions: why the person had left is sealed.
SELECT no, on_day, TRUE AS ok, 'sealed_ground' AS missing FROM readmissions
