-- One row per contact × person. What is about the contact joins its primary row alone, so it is null on the others.
-- `first_hand` is who answers for solving it at once: who first passed it on where somebody did, else the primary row.
-- View handed in: ledgers (where and when complaints, praise, transfers, escalations and re-openings are kept at all; without
-- days for undated contacts).
CREATE OR REPLACE TEMP TABLE kept AS  -- per source and day which ledgers are kept
SELECT c.source, c.day, bool_or(l.kind = 'complaint') AS complaint, bool_or(l.kind = 'praise') AS praise,
       bool_or(l.kind = 'transferred') AS transferred, bool_or(l.kind = 'escalated') AS escalated,
       bool_or(l.kind = 'reopened') AS reopened
FROM (SELECT DISTINCT source, day FROM told_contacts) c
JOIN ledgers l ON l.source IS NOT DISTINCT FROM c.source
    AND (c.day BETWEEN l.first_day AND l.last_day OR (c.day IS NULL AND l.first_day IS NULL))
GROUP BY c.source, c.day;

CREATE OR REPLACE TEMP TABLE whole AS
SELECT c.n,
       CASE WHEN t.n IS NOT NULL OR q.n IS NOT NULL
            THEN coalesce(q.offered, false) OR coalesce(t.human_messages, 0) > 0
                 OR (coalesce(t.customer_messages, 0) > 0 AND coalesce(t.bot_messages, 0) = 0) END AS offered,
       coalesce(q.accepted, false) OR coalesce(t.human_messages, 0) > 0 AS answered,
       coalesce(q.abandoned, false) OR coalesce(c.outcome = 'abandoned', false) AS abandoned,
       CASE WHEN q.queue_us >= 0 THEN q.queue_us END AS queue_us,
       CASE WHEN q.ring_us >= 0 THEN q.ring_us END AS ring_us, q.rings,
       k.frt_us, k.waiting_since_us,
       CASE WHEN c.closed_us >= c.opened_us THEN c.closed_us - c.opened_us END AS duration_us,
       CASE WHEN c.outcome = 'solved' THEN 1 WHEN c.outcome = 'unsolved' THEN 0
            WHEN c.outcome IS NULL AND q.resolved THEN 1 END AS solved,
       -- where nobody tells of one, none on record is not none
       CASE WHEN (q.n IS NOT NULL AND l.reopened) OR h.reopened > 0
            THEN greatest(coalesce(q.reopened, 0), coalesce(h.reopened, 0)) END AS reopened,
       CASE WHEN l.transferred THEN q.transferred END AS transferred, q.transferred AS transferred_here,
       CASE WHEN l.escalated THEN q.escalated END AS escalated, q.handed_over,
       CASE WHEN q.handed_over_us >= c.opened_us THEN q.handed_over_us - c.opened_us END AS hand_over_us,
       CASE WHEN b.next_us - coalesce(c.closed_us, c.opened_us) <= getvariable('repeat_window_us')
            THEN greatest(b.next_us - coalesce(c.closed_us, c.opened_us), 0) END AS next_contact_us,
       CASE WHEN b.unsorted_us - coalesce(c.closed_us, c.opened_us) <= getvariable('repeat_window_us')
            THEN greatest(b.unsorted_us - coalesce(c.closed_us, c.opened_us), 0) END AS next_unsorted_us,
       t.customer_messages, t.bot_messages, r.csat, r.nps,
       -- an answer without an invitation on record does not tell how many were asked
       CASE WHEN r.invited THEN 1 WHEN r.contact_id IS NULL THEN 0 END AS surveyed,
       CASE WHEN l.complaint THEN coalesce(g.complaints, 0) END AS complaints,
       CASE WHEN l.praise THEN coalesce(g.praises, 0) END AS praises
FROM told_contacts c
LEFT JOIN talk t USING (n) LEFT JOIN course q USING (n) LEFT JOIN clock k USING (n)
LEFT JOIN told_ratings r USING (contact_id) LEFT JOIN grievances g USING (n)
LEFT JOIN returns b USING (contact_id) LEFT JOIN children h USING (contact_id)
LEFT JOIN kept l ON l.source IS NOT DISTINCT FROM c.source AND l.day IS NOT DISTINCT FROM c.day;

CREATE OR REPLACE TEMP TABLE rollup AS
SELECT c.contact_id, c.parent_id, p.person, p.agent_key, p.team, p.post, p.agent_class,
       c.source, c.channel, c.queue, c.business_line, c.category, c.level,
       coalesce(p.is_primary, true) AS is_primary,
       if(d.n IS NULL, coalesce(p.is_primary, true), p.agent_key = d.agent_key) AS first_hand,
       c.customer_key, c.customer_known, c.outcome,
       coalesce(c.effective, if(c.ineffective_reason IS NULL, e.effective, false)) AS effective,
       coalesce(c.ineffective_reason, if(c.effective IS NULL AND NOT e.effective, 'repeat', NULL)) AS ineffective_reason,
       c.opened_at, c.opened_us, c.closed_us, c.day,
       w.offered::INTEGER AS offered,
       CASE WHEN w.offered IS NOT NULL THEN w.answered::INTEGER END AS answered,
       CASE WHEN w.offered IS NOT NULL THEN (w.offered AND w.abandoned AND NOT w.answered)::INTEGER END AS abandoned,
       w.queue_us, w.ring_us, w.rings::INTEGER AS rings, w.frt_us AS customer_frt_us,
       CASE WHEN w.offered THEN w.waiting_since_us END AS customer_waiting_since_us, w.duration_us, w.solved,
       w.reopened::INTEGER AS reopened, w.transferred::INTEGER AS transferred, w.escalated::INTEGER AS escalated,
       w.handed_over::INTEGER AS handed_over, w.hand_over_us, w.next_contact_us,
       w.next_unsorted_us,
       w.customer_messages::INTEGER AS customer_messages, w.bot_messages::INTEGER AS bot_messages,
       w.csat, w.nps, w.surveyed, w.complaints::INTEGER AS complaints, w.praises::INTEGER AS praises,
       CASE WHEN d.agent_key = p.agent_key THEN 1
            WHEN d.n IS NOT NULL OR NOT coalesce(p.is_primary, true) THEN NULL
            WHEN w.transferred_here = 0 OR (w.transferred_here > 0 AND p.n IS NULL)
            THEN (w.transferred_here > 0 AND w.answered)::INTEGER
            END AS passed_on,
       p.served::INTEGER AS served, p.held_since_us AS assigned_us, p.released_us, p.agent_frt_us,
       CASE WHEN p.n IS NOT NULL AND t.n IS NOT NULL THEN coalesce(p.agent_messages, 0)::INTEGER END AS agent_messages,
       CASE WHEN p.n IS NOT NULL AND t.n IS NOT NULL AND c.channel <> 'phone'
            THEN coalesce(p.exchanges, 0)::INTEGER END AS exchanges,
       p.exchange_wait_us::BIGINT AS exchange_wait_us, p.active_us::BIGINT AS active_us, p.hold_us::BIGINT AS hold_us,
       p.wrap_up_us::BIGINT AS wrap_up_us,
       (p.in_hand_us + CASE WHEN p.wrapped_up THEN p.wrap_up_us WHEN u.told THEN 0 END)::BIGINT AS handle_us, c.n
FROM told_contacts c
LEFT JOIN people p USING (n)
LEFT JOIN talk t USING (n)
LEFT JOIN repeats e USING (n)
LEFT JOIN passed d USING (n)
LEFT JOIN wrap_up_told u ON u.source IS NOT DISTINCT FROM c.source AND u.day IS NOT DISTINCT FROM c.day
LEFT JOIN whole w ON w.n = c.n AND coalesce(p.is_primary, true);
