-- Frozen reference: the two derived tables of the service record, written by hand from the metric definitions.
-- The product may take at most twice as long as this. It is plain DuckDB SQL over whole tables, one statement each,
-- and knows nothing of partitions, batches or memory limits.
--
-- Inputs (views or tables): contacts, events, messages, ratings, complaints, follow_ups, staff.
-- Parameters: getvariable('repeat_window_us'). Outputs: tables exchanges and rollup.
-- Order within a contact is `seq`. Unknown times give null, never zero. Only messages that count are looked at:
-- bots, system lines, automatic and withdrawn messages neither start nor stop a wait.

CREATE OR REPLACE TEMP TABLE spoken AS
SELECT contact_id, seq, sent_us, sender_kind, agent_key,
       lag(sender_kind) OVER of_contact AS before_kind
FROM messages
WHERE sender_kind IN ('customer', 'agent') AND automatic IS NOT TRUE AND withdrawn_us IS NULL
WINDOW of_contact AS (PARTITION BY contact_id ORDER BY seq);

-- What one pass over the messages of a contact tells.
CREATE OR REPLACE TEMP TABLE talk AS
SELECT contact_id,
       count(*) FILTER (WHERE sender_kind = 'customer' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS customer_messages,
       count(*) FILTER (WHERE sender_kind = 'bot' AND withdrawn_us IS NULL) AS bot_messages,
       count(*) FILTER (WHERE sender_kind = 'agent' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS human_messages,
       min(seq) FILTER (WHERE sender_kind = 'customer' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS customer_seq,
       min(sent_us) FILTER (WHERE sender_kind = 'bot' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS bot_first_us,
       max(sent_us) FILTER (WHERE sender_kind = 'bot' AND automatic IS NOT TRUE AND withdrawn_us IS NULL) AS bot_last_us
FROM messages GROUP BY contact_id;

-- What the events of a contact tell.
CREATE OR REPLACE TEMP TABLE course AS
WITH firsts AS (
    SELECT contact_id,
           min(happened_us) FILTER (WHERE kind = 'queued') AS queued_us,
           min(happened_us) FILTER (WHERE kind = 'rang') AS rang_us,
           min(happened_us) FILTER (WHERE kind = 'assigned') AS assigned_us,
           min(happened_us) FILTER (WHERE kind = 'accepted') AS accepted_us,
           min(happened_us) FILTER (WHERE kind = 'handed_over') AS handed_over_us,
           bool_or(kind IN ('queued', 'rang', 'assigned', 'accepted')) AS offered,
           bool_or(kind = 'accepted') AS accepted,
           bool_or(kind = 'abandoned') AS abandoned,
           bool_or(kind = 'resolved') AS resolved,
           sum(rings) FILTER (WHERE kind = 'rang') AS rings,
           sum(duration_us) FILTER (WHERE kind = 'rang') AS ring_us,
           count(*) FILTER (WHERE kind = 'reopened') AS reopened,
           count(*) FILTER (WHERE kind = 'transferred') AS transferred,
           count(*) FILTER (WHERE kind = 'escalated') AS escalated,
           count(*) FILTER (WHERE kind = 'handed_over') AS handed_over
    FROM events GROUP BY contact_id
),
after_queue AS (
    SELECT e.contact_id,
           min(e.happened_us) FILTER (WHERE e.kind = 'accepted' AND e.happened_us >= f.queued_us) AS accepted_us,
           min(e.happened_us) FILTER (WHERE e.kind = 'assigned' AND e.happened_us >= f.queued_us) AS assigned_us,
           min(e.happened_us) FILTER (WHERE e.kind = 'abandoned' AND e.happened_us >= f.queued_us) AS abandoned_us,
           min(e.happened_us) FILTER (WHERE e.kind = 'accepted' AND e.happened_us >= f.rang_us) AS answered_us
    FROM events e JOIN firsts f USING (contact_id)
    WHERE e.kind IN ('accepted', 'assigned', 'abandoned') GROUP BY e.contact_id
)
SELECT f.* EXCLUDE (ring_us),
       coalesce(a.accepted_us, a.assigned_us, a.abandoned_us) - f.queued_us AS queue_us,
       coalesce(f.ring_us, a.answered_us - f.rang_us) AS ring_us,
       coalesce(f.queued_us, f.assigned_us) AS people_us
FROM firsts f LEFT JOIN after_queue a USING (contact_id);

-- The customer's clock. It starts with the first customer message; where a bot conversed first, or where the
-- customer came through the queue before writing, with the hand-off to people.
CREATE OR REPLACE TEMP TABLE clock AS
WITH starts AS (
    SELECT c.contact_id, c.channel, q.people_us, t.customer_seq, m.sent_us AS customer_us,
           q.people_us IS NOT NULL AND t.bot_last_us > m.sent_us AND t.bot_first_us < q.people_us
               AND m.sent_us < q.people_us
               AND EXISTS (
                   FROM messages b WHERE b.contact_id = c.contact_id AND b.sender_kind = 'bot'
                     AND b.automatic IS NOT TRUE AND b.withdrawn_us IS NULL
                     AND b.sent_us > m.sent_us AND b.sent_us <= q.people_us
               ) AS through_bot
    FROM contacts c
    LEFT JOIN talk t USING (contact_id)
    LEFT JOIN messages m ON m.contact_id = t.contact_id AND m.seq = t.customer_seq
    LEFT JOIN course q ON q.contact_id = c.contact_id
    WHERE c.channel <> 'phone'
),
begun AS (
    SELECT *,
           (customer_seq IS NULL OR through_bot OR people_us < customer_us) AND people_us IS NOT NULL AS by_hand_off,
           CASE WHEN (customer_seq IS NULL OR through_bot OR people_us < customer_us) AND people_us IS NOT NULL
                THEN people_us ELSE customer_us END AS start_us
    FROM starts
),
answers AS (
    SELECT b.contact_id, min(s.seq) AS reply_seq, arg_min({'us': s.sent_us}, s.seq).us AS reply_us
    FROM begun b JOIN spoken s USING (contact_id)
    WHERE s.sender_kind = 'agent'
      AND CASE WHEN b.by_hand_off THEN s.sent_us IS NULL OR s.sent_us >= b.start_us ELSE s.seq > b.customer_seq END
    GROUP BY b.contact_id
)
SELECT b.contact_id, b.through_bot AND b.by_hand_off AS through_bot, b.start_us,
       CASE WHEN a.reply_us >= b.start_us THEN a.reply_us - b.start_us END AS frt_us,
       CASE WHEN a.reply_seq IS NULL THEN b.start_us END AS waiting_since_us
FROM begun b LEFT JOIN answers a USING (contact_id)
UNION ALL
SELECT c.contact_id, false, offered_us,
       CASE WHEN q.accepted_us >= offered_us THEN q.accepted_us - offered_us END,
       CASE WHEN NOT q.accepted THEN offered_us END
FROM (FROM contacts WHERE channel = 'phone') c
JOIN (SELECT *, least(queued_us, rang_us, assigned_us) AS offered_us FROM course) q USING (contact_id);

-- Waits: first unanswered customer message → next human reply. Phone turns are not exchanges.
CREATE OR REPLACE TEMP TABLE waits AS
WITH turns AS (
    SELECT s.contact_id, s.seq, s.sender_kind, s.agent_key, s.before_kind,
           CASE WHEN k.through_bot AND s.sender_kind = 'customer' AND s.sent_us < k.start_us THEN k.start_us ELSE s.sent_us END AS at_us
    FROM spoken s JOIN clock k USING (contact_id) JOIN contacts c USING (contact_id)
    WHERE c.channel <> 'phone' AND (s.sender_kind IS DISTINCT FROM s.before_kind)
),
pairs AS (
    SELECT *, lead(seq) OVER of_contact AS reply_seq, lead(at_us) OVER of_contact AS replied_us,
           lead(agent_key) OVER of_contact AS replier, lead(sender_kind) OVER of_contact AS next_kind
    FROM turns WINDOW of_contact AS (PARTITION BY contact_id ORDER BY seq)
)
SELECT contact_id, seq, reply_seq, replier AS agent_key, at_us AS asked_us, replied_us,
       CASE WHEN replied_us >= at_us THEN replied_us - at_us END AS wait_us,
       row_number() OVER (PARTITION BY contact_id ORDER BY seq) = 1 AS first
FROM pairs WHERE sender_kind = 'customer';

-- One row per contact and staff key that served it, with this share's counts.
CREATE OR REPLACE TEMP TABLE shares AS
WITH by_message AS (
    SELECT contact_id, agent_key,
           count(*) FILTER (WHERE withdrawn_us IS NULL) AS agent_messages,
           min(sent_us) AS first_us, max(sent_us) AS last_us, max(seq) AS last_seq
    FROM messages WHERE sender_kind = 'agent' AND automatic IS NOT TRUE AND agent_key IS NOT NULL
    GROUP BY contact_id, agent_key
),
by_event AS (
    SELECT contact_id, agent_key,
           min(happened_us) FILTER (WHERE kind = 'assigned') AS assigned_us,
           min(happened_us) FILTER (WHERE kind = 'accepted') AS accepted_us,
           min(happened_us) AS first_us,
           max(happened_us) FILTER (WHERE kind IN ('accepted', 'held', 'resumed', 'resolved')) AS last_us,
           bool_or(kind <> 'assigned') AS served,
           arg_max(team, seq) FILTER (WHERE team IS NOT NULL) AS team,
           arg_max(post, seq) FILTER (WHERE post IS NOT NULL) AS post,
           arg_max(agent_class, seq) FILTER (WHERE agent_class IS NOT NULL) AS agent_class
    FROM events
    WHERE agent_key IS NOT NULL AND kind IN (
        'assigned', 'accepted', 'held', 'resumed', 'transferred', 'escalated', 'handed_over', 'resolved',
        'wrap_up_started', 'wrap_up_ended')
    GROUP BY contact_id, agent_key
),
rung AS (
    SELECT contact_id, agent_key, min(happened_us) AS rang_us
    FROM events WHERE kind = 'rang' AND agent_key IS NOT NULL GROUP BY contact_id, agent_key
)
SELECT contact_id, agent_key, m.agent_messages, e.team, e.post, e.agent_class, e.accepted_us, r.rang_us,
       e.assigned_us AS assigned_only_us, coalesce(e.assigned_us, e.accepted_us) AS assigned_us,
       least(m.first_us, e.first_us) AS first_us,
       (m.contact_id IS NOT NULL OR coalesce(e.served, false)) AS served,
       greatest(m.last_us, e.last_us) AS last_us, m.last_seq
FROM by_message m FULL JOIN by_event e USING (contact_id, agent_key) LEFT JOIN rung r USING (contact_id, agent_key);

-- Time in hand: from acceptance (assignment where nobody records acceptance) to leaving it, holds taken out.
CREATE OR REPLACE TEMP TABLE handling AS
WITH marks AS (
    SELECT e.contact_id, e.seq, e.happened_us, e.agent_key, e.duration_us, e.kind,
           kind = 'accepted' OR (kind = 'assigned' AND NOT q.accepted) AS opens
    FROM events e JOIN course q USING (contact_id)
    WHERE kind IN ('assigned', 'accepted', 'transferred', 'wrap_up_started', 'wrap_up_ended', 'held', 'resumed',
                   'closed', 'abandoned')
),
held_by AS (
    SELECT *, last_value(CASE WHEN opens THEN agent_key END IGNORE NULLS) OVER (
               PARTITION BY contact_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS holder
    FROM marks
),
stints AS (
    SELECT contact_id, agent_key, opens, happened_us, lead(happened_us) OVER (PARTITION BY contact_id ORDER BY seq) AS until_us,
           lead(seq) OVER (PARTITION BY contact_id ORDER BY seq) AS until_seq
    FROM held_by
    WHERE opens OR kind IN ('closed', 'abandoned')
       OR (kind IN ('transferred', 'wrap_up_started') AND (agent_key IS NULL OR agent_key = holder))
),
in_hand AS (
    SELECT s.contact_id, s.agent_key,
           CASE WHEN count(*) = count(*) FILTER (WHERE if(until_seq IS NULL, c.closed_us, until_us) >= happened_us)
                THEN sum(if(until_seq IS NULL, c.closed_us, until_us) - happened_us) END AS span_us
    FROM stints s JOIN contacts c USING (contact_id)
    WHERE s.opens AND s.agent_key IS NOT NULL GROUP BY s.contact_id, s.agent_key
),
holds AS (
    SELECT contact_id, agent_key, sum(coalesce(duration_us, CASE WHEN until_us >= happened_us THEN until_us - happened_us END)) AS hold_us
    FROM (
        SELECT contact_id, kind, coalesce(agent_key, holder) AS agent_key, duration_us, happened_us,
               lead(happened_us) OVER (PARTITION BY contact_id ORDER BY seq) AS until_us
        FROM held_by WHERE kind IN ('held', 'resumed', 'transferred', 'closed', 'abandoned')
    ) WHERE kind = 'held' AND agent_key IS NOT NULL GROUP BY contact_id, agent_key
),
wrap_ups AS (
    SELECT contact_id, agent_key, sum(coalesce(duration_us, CASE WHEN until_us >= happened_us THEN until_us - happened_us END)) AS wrap_up_us
    FROM (
        SELECT contact_id, agent_key, kind, duration_us, happened_us,
               lead(happened_us) OVER (PARTITION BY contact_id, agent_key ORDER BY seq) AS until_us
        FROM marks WHERE kind IN ('wrap_up_started', 'wrap_up_ended')
    ) WHERE kind = 'wrap_up_started' AND agent_key IS NOT NULL GROUP BY contact_id, agent_key
)
SELECT contact_id, agent_key, hold_us, wrap_up_us,
       CASE WHEN span_us >= coalesce(hold_us, 0) THEN span_us - coalesce(hold_us, 0) END AS active_us
FROM in_hand FULL JOIN holds USING (contact_id, agent_key) FULL JOIN wrap_ups USING (contact_id, agent_key)
WHERE agent_key IS NOT NULL;

-- The agent's clock, the waits of a share, and who the key was then.
CREATE OR REPLACE TEMP TABLE people AS
WITH replies AS (
    SELECT s.contact_id, s.agent_key, arg_min({'us': m.sent_us}, m.seq).us AS reply_us
    FROM shares s JOIN spoken m ON m.contact_id = s.contact_id AND m.agent_key = s.agent_key AND m.sender_kind = 'agent'
    WHERE s.assigned_us IS NULL OR m.sent_us IS NULL OR m.sent_us >= s.assigned_us GROUP BY s.contact_id, s.agent_key
),
served_waits AS (
    SELECT contact_id, agent_key, count(wait_us) AS exchanges, sum(wait_us) AS exchange_wait_us,
           arg_min({'us': wait_us}, seq).us AS first_wait_us
    FROM waits WHERE reply_seq IS NOT NULL AND agent_key IS NOT NULL GROUP BY contact_id, agent_key
),
known_as AS (
    SELECT k.contact_id, k.agent_key, arg_max(p, p.from_us) AS p
    FROM (SELECT s.contact_id, s.agent_key, c.source, coalesce(s.first_us, c.opened_us) AS at_us
          FROM shares s JOIN contacts c USING (contact_id)) k
    JOIN (SELECT * REPLACE (coalesce(from_us, -9223372036854775807) AS from_us) FROM staff) p
      ON p.agent_key = k.agent_key AND (p.source IS NULL OR p.source = k.source)
     AND k.at_us >= p.from_us AND k.at_us < coalesce(p.to_us, 9223372036854775807)
    GROUP BY k.contact_id, k.agent_key
),
always AS (  -- without any time, only what never changed about a key is known
    SELECT s.contact_id, s.agent_key, if(min(p.person) = max(p.person), min(p.person), NULL) AS person,
           if(min(p.team) = max(p.team) AND count(p.team) = count(*), min(p.team), NULL) AS team,
           if(min(p.post) = max(p.post) AND count(p.post) = count(*), min(p.post), NULL) AS post,
           if(min(p.agent_class) = max(p.agent_class) AND count(p.agent_class) = count(*), min(p.agent_class), NULL) AS agent_class
    FROM shares s JOIN contacts c USING (contact_id)
    JOIN staff p ON p.agent_key = s.agent_key AND (p.source IS NULL OR p.source = c.source)
    WHERE s.first_us IS NULL AND c.opened_us IS NULL GROUP BY s.contact_id, s.agent_key
)
SELECT s.contact_id, s.agent_key, coalesce(k.p.person, w.person, s.agent_key) AS person,
       coalesce(s.team, k.p.team, w.team) AS team, coalesce(s.post, k.p.post, w.post) AS post,
       coalesce(s.agent_class, k.p.agent_class, w.agent_class) AS agent_class,
       s.assigned_us, s.served, s.last_us, s.last_seq,
       CASE WHEN c.channel = 'phone' THEN
                CASE WHEN s.accepted_us >= coalesce(s.assigned_only_us, s.rang_us)
                     THEN s.accepted_us - coalesce(s.assigned_only_us, s.rang_us) END
            WHEN s.assigned_us IS NULL THEN x.first_wait_us
            WHEN r.reply_us >= s.assigned_us THEN r.reply_us - s.assigned_us END AS agent_frt_us,
       s.agent_messages, x.exchanges, x.exchange_wait_us, h.active_us, h.hold_us, h.wrap_up_us,
       row_number() OVER (PARTITION BY s.contact_id
                          ORDER BY s.served DESC, s.last_us DESC NULLS LAST, s.last_seq DESC NULLS LAST, s.agent_key DESC) = 1 AS is_primary
FROM shares s JOIN contacts c USING (contact_id)
LEFT JOIN known_as k USING (contact_id, agent_key)
LEFT JOIN always w USING (contact_id, agent_key)
LEFT JOIN replies r USING (contact_id, agent_key)
LEFT JOIN served_waits x USING (contact_id, agent_key)
LEFT JOIN handling h USING (contact_id, agent_key);

CREATE OR REPLACE TABLE exchanges AS
SELECT w.contact_id, w.seq, w.reply_seq, p.person, w.agent_key, p.team, p.post, p.agent_class,
       c.source, c.channel, c.queue, c.business_line, c.category, c.level,
       w.asked_us, w.replied_us, w.wait_us, w.first, c.day
FROM waits w JOIN contacts c USING (contact_id) LEFT JOIN people p USING (contact_id, agent_key)
ORDER BY c.day, w.contact_id, w.seq;

CREATE OR REPLACE TABLE rollup AS
WITH told AS (
    SELECT contact_id,
           arg_max(value, (coalesce(given_us, -1), recorded_us, rating_id)) FILTER (WHERE kind = 'csat' AND value IS NOT NULL) AS csat,
           arg_max(value, (coalesce(given_us, -1), recorded_us, rating_id)) FILTER (WHERE kind = 'nps' AND value IS NOT NULL) AS nps
    FROM ratings GROUP BY contact_id
),
grievances AS (
    SELECT contact_id, count(*) FILTER (WHERE praise IS NOT TRUE) AS complaints,
           count(*) FILTER (WHERE praise IS NOT TRUE AND valid) AS valid_complaints,
           count(*) FILTER (WHERE praise IS NOT TRUE AND valid IS NULL) AS undecided_complaints,
           count(*) FILTER (WHERE praise) AS praises,
           max(CASE WHEN closed_us >= opened_us THEN closed_us - opened_us END) FILTER (WHERE praise IS NOT TRUE) AS complaint_close_us
    FROM complaints GROUP BY contact_id
),
promises AS (
    SELECT contact_id, count(promised_us) AS due, count(*) FILTER (WHERE coalesce(first_us, closed_us) <= promised_us) AS on_time
    FROM follow_ups GROUP BY contact_id
),
returns AS (
    SELECT contact_id,
           lead(opened_us) OVER (PARTITION BY customer_key, coalesce(category, '') ORDER BY opened_us, contact_id) AS next_us
    FROM contacts WHERE customer_key IS NOT NULL AND customer_known IS NOT FALSE AND opened_us IS NOT NULL
),
children AS (  -- a re-open starts a new episode; the window bounds how far one looks for it
    SELECT p.contact_id, count(*) AS n FROM contacts c JOIN contacts p ON p.contact_id = c.parent_id
    WHERE c.opened_us >= p.opened_us
      AND c.opened_us - coalesce(p.closed_us, p.opened_us) <= getvariable('repeat_window_us')
    GROUP BY p.contact_id
),
whole AS (
    SELECT c.*, t.contact_id IS NOT NULL AS has_talk, q.contact_id IS NOT NULL AS has_course,
           t.customer_messages, t.bot_messages,
           CASE WHEN t.contact_id IS NULL AND q.contact_id IS NULL THEN NULL
                ELSE coalesce(q.offered, false) OR coalesce(t.human_messages, 0) > 0
                     OR (coalesce(t.customer_messages, 0) > 0 AND coalesce(t.bot_messages, 0) = 0) END AS was_offered,
           coalesce(q.accepted, false) OR coalesce(t.human_messages, 0) > 0 AS was_answered,
           coalesce(q.abandoned, false) OR c.outcome = 'abandoned' AS was_abandoned,
           q.queue_us, q.ring_us, q.rings, q.resolved,
           CASE WHEN q.contact_id IS NOT NULL OR ch.n > 0 THEN greatest(coalesce(q.reopened, 0), coalesce(ch.n, 0)) END AS reopened,
           q.transferred, q.escalated, q.handed_over, q.handed_over_us,
           k.frt_us, k.waiting_since_us, told.csat, told.nps, told.contact_id IS NOT NULL AS surveyed,
           g.complaints, g.valid_complaints, g.undecided_complaints, g.praises, g.complaint_close_us,
           f.due, f.on_time,
           CASE WHEN n.next_us - coalesce(c.closed_us, c.opened_us) <= getvariable('repeat_window_us')
                THEN greatest(n.next_us - coalesce(c.closed_us, c.opened_us), 0) END AS next_contact_us
    FROM contacts c
    LEFT JOIN talk t USING (contact_id) LEFT JOIN course q USING (contact_id) LEFT JOIN clock k USING (contact_id)
    LEFT JOIN told USING (contact_id) LEFT JOIN grievances g USING (contact_id) LEFT JOIN promises f USING (contact_id)
    LEFT JOIN returns n USING (contact_id) LEFT JOIN children ch USING (contact_id)
)
SELECT w.contact_id, w.parent_id, p.person, p.agent_key, p.team, p.post, p.agent_class,
       w.source, w.channel, w.queue, w.business_line, w.category, w.level,
       coalesce(p.is_primary, true) AS is_primary,
       w.customer_key, w.customer_known, w.outcome, w.effective, w.ineffective_reason,
       w.opened_at, w.opened_us, w.closed_us, w.day,
       if(coalesce(p.is_primary, true), w.was_offered::INTEGER, NULL) AS offered,
       if(coalesce(p.is_primary, true) AND w.was_offered IS NOT NULL, w.was_answered::INTEGER, NULL) AS answered,
       if(coalesce(p.is_primary, true) AND w.was_offered IS NOT NULL,
          coalesce(w.was_offered AND w.was_abandoned AND NOT w.was_answered, false)::INTEGER, NULL) AS abandoned,
       if(coalesce(p.is_primary, true) AND w.queue_us >= 0, w.queue_us, NULL) AS queue_us,
       if(coalesce(p.is_primary, true) AND w.ring_us >= 0, w.ring_us, NULL)::BIGINT AS ring_us,
       if(coalesce(p.is_primary, true), w.rings, NULL)::INTEGER AS rings,
       if(coalesce(p.is_primary, true), w.frt_us, NULL) AS customer_frt_us,
       if(coalesce(p.is_primary, true), w.waiting_since_us, NULL) AS customer_waiting_since_us,
       if(coalesce(p.is_primary, true) AND w.closed_us >= w.opened_us, w.closed_us - w.opened_us, NULL) AS duration_us,
       if(coalesce(p.is_primary, true),
          CASE WHEN w.outcome = 'solved' THEN 1 WHEN w.outcome = 'unsolved' THEN 0
               WHEN w.outcome IS NULL AND w.resolved THEN 1 END, NULL)::INTEGER AS solved,
       if(coalesce(p.is_primary, true), w.reopened, NULL)::INTEGER AS reopened,
       if(coalesce(p.is_primary, true), w.transferred, NULL)::INTEGER AS transferred,
       if(coalesce(p.is_primary, true), w.escalated, NULL)::INTEGER AS escalated,
       if(coalesce(p.is_primary, true), w.handed_over, NULL)::INTEGER AS handed_over,
       if(coalesce(p.is_primary, true) AND w.handed_over_us >= w.opened_us, w.handed_over_us - w.opened_us, NULL) AS hand_over_us,
       if(coalesce(p.is_primary, true), w.next_contact_us, NULL) AS next_contact_us,
       if(coalesce(p.is_primary, true), w.customer_messages, NULL)::INTEGER AS customer_messages,
       if(coalesce(p.is_primary, true), w.bot_messages, NULL)::INTEGER AS bot_messages,
       if(coalesce(p.is_primary, true), w.csat, NULL) AS csat,
       if(coalesce(p.is_primary, true), w.nps, NULL) AS nps,
       if(coalesce(p.is_primary, true), w.surveyed::INTEGER, NULL) AS surveyed,
       if(coalesce(p.is_primary, true), coalesce(w.complaints, 0), NULL)::INTEGER AS complaints,
       if(coalesce(p.is_primary, true), coalesce(w.valid_complaints, 0), NULL)::INTEGER AS valid_complaints,
       if(coalesce(p.is_primary, true), coalesce(w.undecided_complaints, 0), NULL)::INTEGER AS undecided_complaints,
       if(coalesce(p.is_primary, true), coalesce(w.praises, 0), NULL)::INTEGER AS praises,
       if(coalesce(p.is_primary, true), w.complaint_close_us, NULL) AS complaint_close_us,
       if(coalesce(p.is_primary, true), coalesce(w.due, 0), NULL)::INTEGER AS follow_ups_due,
       if(coalesce(p.is_primary, true), coalesce(w.on_time, 0), NULL)::INTEGER AS follow_ups_on_time,
       p.assigned_us, p.agent_frt_us,
       if(p.agent_key IS NOT NULL AND w.has_talk, coalesce(p.agent_messages, 0), NULL)::INTEGER AS agent_messages,
       if(p.agent_key IS NOT NULL AND w.has_talk AND w.channel <> 'phone', coalesce(p.exchanges, 0), NULL)::INTEGER AS exchanges,
       p.exchange_wait_us::BIGINT AS exchange_wait_us, p.active_us::BIGINT AS active_us,
       p.hold_us::BIGINT AS hold_us, p.wrap_up_us::BIGINT AS wrap_up_us,
       (p.active_us + coalesce(p.hold_us, 0) + coalesce(p.wrap_up_us, 0))::BIGINT AS handle_us
FROM whole w LEFT JOIN people p USING (contact_id)
ORDER BY w.day, w.contact_id, p.agent_key;
