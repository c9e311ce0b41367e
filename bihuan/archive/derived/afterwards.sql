-- What came later: ratings, complaints, promises, and the customer's return. Views handed in: day_ratings,
-- day_complaints, day_follow_ups, later_contacts (every contact the repeat window can reach).
CREATE OR REPLACE TEMP TABLE told_ratings AS
SELECT contact_id,
       arg_max(value, (coalesce(given_us, -1), recorded_us, rating_id)) FILTER (kind = 'csat' AND value IS NOT NULL) AS csat,
       arg_max(value, (coalesce(given_us, -1), recorded_us, rating_id)) FILTER (kind = 'nps' AND value IS NOT NULL) AS nps
FROM day_ratings GROUP BY contact_id;

CREATE OR REPLACE TEMP TABLE grievances AS
SELECT contact_id, count(*) FILTER (praise IS NOT TRUE) AS complaints,
       count(*) FILTER (praise IS NOT TRUE AND valid) AS valid_complaints,
       count(*) FILTER (praise IS NOT TRUE AND valid IS NULL) AS undecided_complaints,
       count(*) FILTER (praise) AS praises,
       max(CASE WHEN closed_us >= opened_us THEN closed_us - opened_us END) FILTER (praise IS NOT TRUE) AS complaint_close_us
FROM day_complaints GROUP BY contact_id;

CREATE OR REPLACE TEMP TABLE promises AS
SELECT contact_id, count(promised_us) AS due, count(*) FILTER (coalesce(first_us, closed_us) <= promised_us) AS on_time
FROM day_follow_ups GROUP BY contact_id;

CREATE OR REPLACE TEMP TABLE returns AS
WITH known AS (
    SELECT contact_id, customer_key, category, opened_us FROM later_contacts
    WHERE customer_key IS NOT NULL AND customer_known IS NOT FALSE AND opened_us IS NOT NULL
)
SELECT contact_id,
       lead(opened_us) OVER (PARTITION BY customer_key, coalesce(category, '') ORDER BY opened_us, contact_id) AS next_us
FROM known;

CREATE OR REPLACE TEMP TABLE children AS  -- a re-open starts a new episode; the window bounds how far one looks for it
SELECT p.contact_id, count(*) AS reopened
FROM later_contacts c JOIN told_contacts p ON p.contact_id = c.parent_id
WHERE c.opened_us >= p.opened_us
  AND c.opened_us - coalesce(p.closed_us, p.opened_us) <= getvariable('repeat_window_us')
GROUP BY p.contact_id;
