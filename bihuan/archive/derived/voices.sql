-- What people said and promised after a contact, one row each. Views handed in: day_ratings, day_complaints,
-- day_follow_ups. `others`: the ledger says that somebody outside the department has to act.
CREATE OR REPLACE TEMP TABLE voices AS
SELECT c.n, v.* EXCLUDE (contact_id)
FROM (
    SELECT contact_id, rating_id AS entry_id, kind, agent_key, value, NULL::BOOLEAN AS valid, false AS others,
           NULL::BIGINT AS begun_us, NULL::BIGINT AS promised_us, given_us AS first_us, NULL::BIGINT AS closed_us
    FROM day_ratings WHERE kind IN ('csat', 'nps') AND value IS NOT NULL
    UNION ALL
    SELECT contact_id, complaint_id, if(praise, 'praise', 'complaint'), agent_key, NULL, valid,
           responsibility = 'third_party', opened_us, NULL, followed_up_us, closed_us
    FROM day_complaints
    UNION ALL
    SELECT contact_id, follow_up_id, 'follow_up', agent_key, NULL, NULL, false, opened_us, promised_us, first_us, closed_us
    FROM day_follow_ups
) v JOIN told_contacts c USING (contact_id);
