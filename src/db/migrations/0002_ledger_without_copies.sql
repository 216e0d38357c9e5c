-- What was known before goes to its new place; a requests table of this age is small.
INSERT INTO `request_details` SELECT id, started_at, decision, '[]', '{}' FROM `requests` WHERE decision IS NOT NULL;--> statement-breakpoint
INSERT INTO `price_rows`
SELECT 'old-' || row_number() OVER (), provider, model, price_row FROM (
  SELECT provider, model, price_row FROM `requests` WHERE price_row IS NOT NULL
  UNION SELECT '', baseline_model, baseline_price_row FROM `requests` WHERE baseline_price_row IS NOT NULL
);--> statement-breakpoint
UPDATE `requests` SET
  price_id = (SELECT p.id FROM `price_rows` p WHERE p.provider = requests.provider AND p.model = requests.model AND p.row = requests.price_row),
  baseline_price_id = (SELECT p.id FROM `price_rows` p WHERE p.provider = '' AND p.model = requests.baseline_model AND p.row = requests.baseline_price_row);--> statement-breakpoint
UPDATE `gateway_keys` SET last_used_at = (SELECT max(started_at) FROM `requests` WHERE key_id = gateway_keys.id);--> statement-breakpoint
INSERT INTO `spend`
SELECT 'hour', started_at - started_at % 3600000, key_id, coalesce(provider, ''), coalesce(model, ''), count(*), sum(outcome in ('error', 'refused')), sum(outcome = 'refused'), sum(outcome = 'aborted'),
  sum(cache = 'hit'), sum(model IS NOT NULL AND cost_nano_usd IS NULL), sum(is_usage_estimated), sum(duration_ms),
  sum(input_tokens + cache_read_tokens + cache_write_short_tokens + cache_write_long_tokens + audio_input_tokens),
  sum(cache_read_tokens), sum(output_tokens + audio_output_tokens), sum(reasoning_tokens),
  sum(iif(is_simulated, 0, coalesce(cost_nano_usd, 0))), sum(iif(is_simulated, coalesce(cost_nano_usd, 0), 0)),
  sum(iif(is_simulated, 0, coalesce(baseline_nano_usd, 0))), sum(iif(is_simulated, 0, coalesce(saved_nano_usd, 0))),
  sum(iif(is_simulated, 0, coalesce(cache_saved_nano_usd, 0)))
FROM `requests` GROUP BY 2, 3, 4, 5;--> statement-breakpoint
INSERT INTO `spend`
SELECT 'hour', started_at - started_at % 3600000, '', coalesce(provider, ''), coalesce(model, ''), count(*), sum(outcome in ('error', 'refused')), sum(outcome = 'refused'), sum(outcome = 'aborted'),
  sum(cache = 'hit'), sum(model IS NOT NULL AND cost_nano_usd IS NULL), sum(is_usage_estimated), sum(duration_ms),
  sum(input_tokens + cache_read_tokens + cache_write_short_tokens + cache_write_long_tokens + audio_input_tokens),
  sum(cache_read_tokens), sum(output_tokens + audio_output_tokens), sum(reasoning_tokens),
  sum(iif(is_simulated, 0, coalesce(cost_nano_usd, 0))), sum(iif(is_simulated, coalesce(cost_nano_usd, 0), 0)),
  sum(iif(is_simulated, 0, coalesce(baseline_nano_usd, 0))), sum(iif(is_simulated, 0, coalesce(saved_nano_usd, 0))),
  sum(iif(is_simulated, 0, coalesce(cache_saved_nano_usd, 0)))
FROM `requests` GROUP BY 2, 4, 5;--> statement-breakpoint
INSERT INTO `spend`
SELECT 'day', started_at - started_at % 86400000, key_id, coalesce(provider, ''), coalesce(model, ''), count(*), sum(outcome in ('error', 'refused')), sum(outcome = 'refused'), sum(outcome = 'aborted'),
  sum(cache = 'hit'), sum(model IS NOT NULL AND cost_nano_usd IS NULL), sum(is_usage_estimated), sum(duration_ms),
  sum(input_tokens + cache_read_tokens + cache_write_short_tokens + cache_write_long_tokens + audio_input_tokens),
  sum(cache_read_tokens), sum(output_tokens + audio_output_tokens), sum(reasoning_tokens),
  sum(iif(is_simulated, 0, coalesce(cost_nano_usd, 0))), sum(iif(is_simulated, coalesce(cost_nano_usd, 0), 0)),
  sum(iif(is_simulated, 0, coalesce(baseline_nano_usd, 0))), sum(iif(is_simulated, 0, coalesce(saved_nano_usd, 0))),
  sum(iif(is_simulated, 0, coalesce(cache_saved_nano_usd, 0)))
FROM `requests` GROUP BY 2, 3, 4, 5;--> statement-breakpoint
INSERT INTO `spend`
SELECT 'day', started_at - started_at % 86400000, '', coalesce(provider, ''), coalesce(model, ''), count(*), sum(outcome in ('error', 'refused')), sum(outcome = 'refused'), sum(outcome = 'aborted'),
  sum(cache = 'hit'), sum(model IS NOT NULL AND cost_nano_usd IS NULL), sum(is_usage_estimated), sum(duration_ms),
  sum(input_tokens + cache_read_tokens + cache_write_short_tokens + cache_write_long_tokens + audio_input_tokens),
  sum(cache_read_tokens), sum(output_tokens + audio_output_tokens), sum(reasoning_tokens),
  sum(iif(is_simulated, 0, coalesce(cost_nano_usd, 0))), sum(iif(is_simulated, coalesce(cost_nano_usd, 0), 0)),
  sum(iif(is_simulated, 0, coalesce(baseline_nano_usd, 0))), sum(iif(is_simulated, 0, coalesce(saved_nano_usd, 0))),
  sum(iif(is_simulated, 0, coalesce(cache_saved_nano_usd, 0)))
FROM `requests` GROUP BY 2, 4, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'hour', started_at - started_at % 3600000, key_id, 'complexity', CAST(complexity AS text), count(*)
FROM `requests` WHERE complexity IS NOT NULL GROUP BY 2, 3, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'hour', started_at - started_at % 3600000, '', 'complexity', CAST(complexity AS text), count(*)
FROM `requests` WHERE complexity IS NOT NULL GROUP BY 2, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'hour', started_at - started_at % 3600000, key_id, 'duration', CAST(CAST(iif(duration_ms <= 1, 0, floor(log2(max(duration_ms, 2)) * 4) + 1) AS integer) AS text), count(*)
FROM `requests` WHERE outcome = 'ok' GROUP BY 2, 3, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'hour', started_at - started_at % 3600000, '', 'duration', CAST(CAST(iif(duration_ms <= 1, 0, floor(log2(max(duration_ms, 2)) * 4) + 1) AS integer) AS text), count(*)
FROM `requests` WHERE outcome = 'ok' GROUP BY 2, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'hour', started_at - started_at % 3600000, key_id, 'first-content', CAST(CAST(iif(first_content_ms <= 1, 0, floor(log2(max(first_content_ms, 2)) * 4) + 1) AS integer) AS text), count(*)
FROM `requests` WHERE outcome = 'ok' AND first_content_ms IS NOT NULL GROUP BY 2, 3, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'hour', started_at - started_at % 3600000, '', 'first-content', CAST(CAST(iif(first_content_ms <= 1, 0, floor(log2(max(first_content_ms, 2)) * 4) + 1) AS integer) AS text), count(*)
FROM `requests` WHERE outcome = 'ok' AND first_content_ms IS NOT NULL GROUP BY 2, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'hour', started_at - started_at % 3600000, key_id, 'failure', CAST(coalesce(error_code, outcome) AS text), count(*)
FROM `requests` WHERE outcome <> 'ok' GROUP BY 2, 3, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'hour', started_at - started_at % 3600000, '', 'failure', CAST(coalesce(error_code, outcome) AS text), count(*)
FROM `requests` WHERE outcome <> 'ok' GROUP BY 2, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'day', started_at - started_at % 86400000, key_id, 'complexity', CAST(complexity AS text), count(*)
FROM `requests` WHERE complexity IS NOT NULL GROUP BY 2, 3, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'day', started_at - started_at % 86400000, '', 'complexity', CAST(complexity AS text), count(*)
FROM `requests` WHERE complexity IS NOT NULL GROUP BY 2, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'day', started_at - started_at % 86400000, key_id, 'duration', CAST(CAST(iif(duration_ms <= 1, 0, floor(log2(max(duration_ms, 2)) * 4) + 1) AS integer) AS text), count(*)
FROM `requests` WHERE outcome = 'ok' GROUP BY 2, 3, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'day', started_at - started_at % 86400000, '', 'duration', CAST(CAST(iif(duration_ms <= 1, 0, floor(log2(max(duration_ms, 2)) * 4) + 1) AS integer) AS text), count(*)
FROM `requests` WHERE outcome = 'ok' GROUP BY 2, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'day', started_at - started_at % 86400000, key_id, 'first-content', CAST(CAST(iif(first_content_ms <= 1, 0, floor(log2(max(first_content_ms, 2)) * 4) + 1) AS integer) AS text), count(*)
FROM `requests` WHERE outcome = 'ok' AND first_content_ms IS NOT NULL GROUP BY 2, 3, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'day', started_at - started_at % 86400000, '', 'first-content', CAST(CAST(iif(first_content_ms <= 1, 0, floor(log2(max(first_content_ms, 2)) * 4) + 1) AS integer) AS text), count(*)
FROM `requests` WHERE outcome = 'ok' AND first_content_ms IS NOT NULL GROUP BY 2, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'day', started_at - started_at % 86400000, key_id, 'failure', CAST(coalesce(error_code, outcome) AS text), count(*)
FROM `requests` WHERE outcome <> 'ok' GROUP BY 2, 3, 5;--> statement-breakpoint
INSERT INTO `counts`
SELECT 'day', started_at - started_at % 86400000, '', 'failure', CAST(coalesce(error_code, outcome) AS text), count(*)
FROM `requests` WHERE outcome <> 'ok' GROUP BY 2, 5;--> statement-breakpoint
DROP TABLE `hourly_spend`;--> statement-breakpoint
ALTER TABLE `requests` DROP COLUMN `decision`;--> statement-breakpoint
ALTER TABLE `requests` DROP COLUMN `price_row`;--> statement-breakpoint
ALTER TABLE `requests` DROP COLUMN `baseline_price_row`;