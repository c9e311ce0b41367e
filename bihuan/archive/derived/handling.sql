-- Time in hand: from acceptance (from assignment where nobody records acceptance) until the holder passes it on, starts
-- to wrap up, another accepts, or it closes; holds are taken out and kept apart.
CREATE OR REPLACE TEMP TABLE handling AS
WITH marks AS (
    SELECT e.n, e.seq, e.happened_us, e.agent_key, e.duration_us, e.kind,
           e.kind = 'accepted' OR (e.kind = 'assigned' AND NOT q.accepted) AS opens
    FROM happened e JOIN course q USING (n)
    WHERE e.kind IN ('assigned', 'accepted', 'transferred', 'wrap_up_started', 'wrap_up_ended', 'held', 'resumed',
                     'closed', 'abandoned')
),
held_by AS (
    SELECT *, last_value(CASE WHEN opens THEN agent_key END IGNORE NULLS) OVER (
               PARTITION BY n ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS holder
    FROM marks
),
stints AS (
    SELECT n, agent_key, opens, happened_us, lead(happened_us) OVER of_contact AS until_us,
           lead(seq) OVER of_contact AS until_seq
    FROM held_by
    WHERE opens OR kind IN ('closed', 'abandoned')
       OR (kind IN ('transferred', 'wrap_up_started') AND (agent_key IS NULL OR agent_key = holder))
    WINDOW of_contact AS (PARTITION BY n ORDER BY seq)
),
spans AS (
    SELECT s.n, s.agent_key, if(s.until_seq IS NULL, c.closed_us, s.until_us) - s.happened_us AS span_us
    FROM stints s JOIN told_contacts c USING (n) WHERE s.opens AND s.agent_key IS NOT NULL
),
in_hand AS (  -- one stint of unknown length makes the whole unknown
    SELECT n, agent_key, CASE WHEN count(*) = count(*) FILTER (span_us >= 0) THEN sum(span_us) END AS span_us
    FROM spans GROUP BY n, agent_key
),
holds AS (  -- one hold of unknown length makes the whole unknown
    SELECT n, agent_key, true AS held, CASE WHEN count(*) = count(*) FILTER (length_us >= 0) THEN sum(length_us) END AS hold_us
    FROM (
        SELECT n, kind, coalesce(agent_key, holder) AS agent_key,
               coalesce(duration_us, lead(happened_us) OVER (PARTITION BY n ORDER BY seq) - happened_us) AS length_us
        FROM held_by WHERE kind IN ('held', 'resumed', 'transferred', 'closed', 'abandoned')
    ) WHERE kind = 'held' AND agent_key IS NOT NULL GROUP BY n, agent_key
),
wrap_ups AS (  -- one wrap-up of unknown length makes the whole unknown
    SELECT n, agent_key, true AS wrapped_up,
           CASE WHEN count(*) = count(*) FILTER (length_us >= 0) THEN sum(length_us) END AS wrap_up_us
    FROM (
        SELECT n, agent_key, kind,
               coalesce(duration_us, lead(happened_us) OVER (PARTITION BY n, agent_key ORDER BY seq) - happened_us) AS length_us
        FROM marks WHERE kind IN ('wrap_up_started', 'wrap_up_ended')
    ) WHERE kind = 'wrap_up_started' AND agent_key IS NOT NULL GROUP BY n, agent_key
)
SELECT n, agent_key, hold_us, wrapped_up, wrap_up_us,
       CASE WHEN span_us >= coalesce(hold_us, 0) THEN span_us END AS in_hand_us,
       CASE WHEN held THEN in_hand_us - hold_us ELSE in_hand_us END AS active_us
FROM in_hand FULL JOIN holds USING (n, agent_key) FULL JOIN wrap_ups USING (n, agent_key);

-- Where a source never tells of wrap-up on a day, nobody knows that there was none.
CREATE OR REPLACE TEMP TABLE wrap_up_told AS
SELECT DISTINCT c.source, c.day, true AS told
FROM told_contacts c SEMI JOIN (SELECT n FROM happened WHERE kind IN ('wrap_up_started', 'wrap_up_ended')) e USING (n);
