-- What messages and events tell about the contact as a whole.
CREATE OR REPLACE TEMP TABLE talk AS
SELECT n,
       count(*) FILTER (voice = 'customer' AND standing) AS customer_messages,
       count(*) FILTER (voice = 'bot' AND standing) AS bot_messages,
       count(*) FILTER (voice = 'agent' AND standing) AS human_messages,
       min(seq) FILTER (voice = 'customer' AND standing) AS customer_seq,
       arg_min({us: sent_us}, seq) FILTER (voice = 'customer' AND standing) AS customer,
       max(sent_us) FILTER (talks AND standing) AS bot_last_us
FROM said GROUP BY n;

CREATE OR REPLACE TEMP TABLE course AS
WITH firsts AS (
    SELECT n,
           min(happened_us) FILTER (kind = 'queued') AS queued_us,
           min(happened_us) FILTER (kind = 'rang') AS rang_us,
           min(happened_us) FILTER (kind = 'assigned') AS assigned_us,
           min(happened_us) FILTER (kind = 'accepted') AS accepted_us,
           min(happened_us) FILTER (kind = 'handed_over') AS handed_over_us,
           bool_or(kind IN ('queued', 'rang', 'assigned', 'accepted')) AS offered,
           bool_or(kind = 'accepted') AS accepted,
           bool_or(kind = 'abandoned') AS abandoned,
           bool_or(kind = 'resolved') AS resolved,
           sum(rings) FILTER (kind = 'rang') AS rings,
           sum(duration_us) FILTER (kind = 'rang') AS ring_us,
           count(*) FILTER (kind = 'reopened') AS reopened,
           count(*) FILTER (kind = 'transferred') AS transferred,
           count(*) FILTER (kind = 'escalated') AS escalated,
           count(*) FILTER (kind = 'handed_over') AS handed_over
    FROM happened GROUP BY n
),
after_queue AS (
    SELECT e.n,
           min(e.happened_us) FILTER (e.kind = 'accepted' AND e.happened_us >= f.queued_us) AS accepted_us,
           min(e.happened_us) FILTER (e.kind = 'assigned' AND e.happened_us >= f.queued_us) AS assigned_us,
           min(e.happened_us) FILTER (e.kind = 'abandoned' AND e.happened_us >= f.queued_us) AS abandoned_us,
           min(e.happened_us) FILTER (e.kind = 'accepted' AND e.happened_us >= f.rang_us) AS answered_us
    FROM happened e JOIN firsts f USING (n)
    WHERE e.kind IN ('accepted', 'assigned', 'abandoned') GROUP BY e.n
)
SELECT f.* EXCLUDE (ring_us),
       coalesce(a.accepted_us, a.assigned_us, a.abandoned_us) - f.queued_us AS queue_us,
       coalesce(f.ring_us, a.answered_us - f.rang_us) AS ring_us,
       coalesce(f.queued_us, f.assigned_us) AS people_us
FROM firsts f LEFT JOIN after_queue a USING (n);
