-- One row per contact and staff key that was assigned it or worked on it; who was only rung has no share.
-- The team, post and class written with an event hold over whatever the staff list says.
CREATE OR REPLACE TEMP TABLE shares AS
WITH by_message AS (
    SELECT n, agent_key, count(*) FILTER (standing) AS agent_messages,
           min(sent_us) AS first_us, max(sent_us) AS last_us, max(seq) AS last_seq
    FROM said WHERE voice = 'agent' AND agent_key IS NOT NULL GROUP BY n, agent_key
),
by_event AS (
    SELECT n, agent_key,
           min(happened_us) FILTER (kind = 'assigned') AS assigned_only_us,
           min(happened_us) FILTER (kind = 'accepted') AS accepted_us,
           min(happened_us) AS first_us,
           max(happened_us) FILTER (kind IN ('accepted', 'held', 'resumed', 'resolved')) AS last_us,
           bool_or(kind <> 'assigned') AS served,
           arg_max(team, seq) FILTER (team IS NOT NULL) AS team,
           arg_max(post, seq) FILTER (post IS NOT NULL) AS post,
           arg_max(agent_class, seq) FILTER (agent_class IS NOT NULL) AS agent_class
    FROM happened
    WHERE agent_key IS NOT NULL AND kind IN (
        'assigned', 'accepted', 'held', 'resumed', 'transferred', 'escalated', 'handed_over', 'resolved',
        'wrap_up_started', 'wrap_up_ended')
    GROUP BY n, agent_key
),
rung AS (
    SELECT n, agent_key, min(happened_us) AS rang_us
    FROM happened WHERE kind = 'rang' AND agent_key IS NOT NULL GROUP BY n, agent_key
)
SELECT n, agent_key, m.agent_messages, e.team, e.post, e.agent_class, e.accepted_us, r.rang_us, e.assigned_only_us,
       coalesce(e.assigned_only_us, e.accepted_us) AS assigned_us, least(m.first_us, e.first_us) AS first_us,
       m.n IS NOT NULL OR coalesce(e.served, false) AS served, greatest(m.last_us, e.last_us) AS last_us, m.last_seq
FROM by_message m FULL JOIN by_event e USING (n, agent_key) LEFT JOIN rung r USING (n, agent_key);
