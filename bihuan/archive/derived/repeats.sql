-- Repeats of an unsolved question (S2-5), where the source does not say. A contact repeats another when the same known
-- customer had asked in the same category within the repeat window and that contact ended unsolved. Whoever left the
-- queue was not answered, so the next attempt repeats nothing. What cannot be told stays null: an unknown customer, an
-- earlier contact whose outcome or category is not known. View handed in: earlier_contacts (days before these whose
-- window reaches them).
CREATE OR REPLACE TEMP TABLE repeats AS
WITH asked AS (
    SELECT DISTINCT customer_key FROM told_contacts
    WHERE effective IS NULL AND ineffective_reason IS NULL AND customer_key IS NOT NULL AND customer_known IS NOT FALSE
),
known AS (
    SELECT n, contact_id, customer_key, category, opened_us, outcome, coalesce(closed_us, opened_us) AS end_us
    FROM (
        SELECT n, contact_id, customer_key, customer_known, category, opened_us, closed_us, outcome FROM told_contacts
        UNION ALL
        SELECT NULL, contact_id, customer_key, customer_known, category, opened_us, closed_us, outcome FROM earlier_contacts
    ) SEMI JOIN asked USING (customer_key)
    WHERE customer_known IS NOT FALSE AND opened_us IS NOT NULL
),
before AS (
    SELECT n, category, opened_us,
           max(end_us) FILTER (outcome IS DISTINCT FROM 'abandoned') OVER earlier AS any_us,
           max(end_us) FILTER (outcome IS DISTINCT FROM 'abandoned' AND category IS NULL) OVER earlier AS unnamed_us,
           last_value(CASE WHEN outcome IS DISTINCT FROM 'abandoned' THEN {end_us: end_us, outcome: outcome} END IGNORE NULLS)
               OVER (PARTITION BY customer_key, category ORDER BY opened_us, contact_id
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS same
    FROM known
    WINDOW earlier AS (PARTITION BY customer_key ORDER BY opened_us, contact_id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT n,
       CASE WHEN any_us IS NULL OR opened_us - any_us > getvariable('repeat_window_us') THEN true
            WHEN category IS NULL THEN NULL
            WHEN opened_us - same.end_us <= getvariable('repeat_window_us')
                THEN CASE same.outcome WHEN 'solved' THEN true WHEN 'unsolved' THEN false END
            WHEN opened_us - unnamed_us <= getvariable('repeat_window_us') THEN NULL
            ELSE true END AS effective
FROM before WHERE n IS NOT NULL;
