-- The batch in memory, narrow: contacts numbered, messages and events under that number instead of a long id.
-- Views handed in: day_contacts, day_events, day_messages.
CREATE OR REPLACE TEMP TABLE told_contacts AS
SELECT row_number() OVER (ORDER BY day, contact_id)::INTEGER AS n, * FROM day_contacts;

-- `voice`: who speaks; only the spoken word of people (not automatic, not withdrawn) starts or stops a wait.
CREATE OR REPLACE TEMP TABLE said AS
SELECT c.n, m.seq, m.sent_us, m.agent_key, c.channel = 'phone' AS phone, m.withdrawn_us IS NULL AS standing,
       CASE WHEN m.automatic IS TRUE AND m.sender_kind <> 'bot' THEN 'auto' ELSE m.sender_kind END AS voice,
       m.sender_kind = 'bot' AND m.automatic IS NOT TRUE AS talks
FROM day_messages m JOIN told_contacts c USING (contact_id);

CREATE OR REPLACE TEMP TABLE happened AS
SELECT c.n, e.seq, e.kind, e.happened_us, e.agent_key, e.team, e.post, e.agent_class, e.rings, e.duration_us
FROM day_events e JOIN told_contacts c USING (contact_id);
