-- A copy of the database (staging, support) must never act at Allegro in its name.
UPDATE allegro_account
   SET state = 'draft',
       client_id = NULL,
       client_secret = NULL,
       access_token = NULL,
       refresh_token = NULL,
       token_expires_at = NULL,
       consent_ends_at = NULL,
       alarms = NULL,
       alarm_codes = NULL,
       oauth_nonce = NULL,
       oauth_verifier = NULL;
DELETE FROM allegro_device_wizard;
