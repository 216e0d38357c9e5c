CREATE TABLE `counts` (
	`span` text NOT NULL,
	`start` integer NOT NULL,
	`key_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`requests` integer NOT NULL,
	PRIMARY KEY(`span`, `kind`, `key_id`, `start`, `value`)
);
--> statement-breakpoint
CREATE TABLE `price_rows` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`row` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `recosts` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`at` integer NOT NULL,
	`old_cost_nano_usd` integer,
	`new_cost_nano_usd` integer,
	`old_price_id` text,
	`new_price_id` text,
	`old_baseline_nano_usd` integer,
	`new_baseline_nano_usd` integer
);
--> statement-breakpoint
CREATE INDEX `recosts_by_request` ON `recosts` (`request_id`);--> statement-breakpoint
CREATE TABLE `request_details` (
	`request_id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`decision` text,
	`laps` text NOT NULL,
	`headers` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `request_details_by_time` ON `request_details` (`started_at`);--> statement-breakpoint
CREATE TABLE `spend` (
	`span` text NOT NULL,
	`start` integer NOT NULL,
	`key_id` text NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`refused` integer NOT NULL,
	`aborted` integer NOT NULL,
	`cache_hits` integer NOT NULL,
	`unpriced` integer NOT NULL,
	`estimated` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`prompt_tokens` integer NOT NULL,
	`cache_read_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`reasoning_tokens` integer NOT NULL,
	`cost_nano_usd` integer NOT NULL,
	`simulated_nano_usd` integer NOT NULL,
	`baseline_nano_usd` integer NOT NULL,
	`saved_nano_usd` integer NOT NULL,
	`cache_saved_nano_usd` integer NOT NULL,
	PRIMARY KEY(`span`, `key_id`, `start`, `provider`, `model`)
);
--> statement-breakpoint
ALTER TABLE `gateway_keys` ADD `last_used_at` integer;--> statement-breakpoint
ALTER TABLE `requests` ADD `price_id` text;--> statement-breakpoint
ALTER TABLE `requests` ADD `baseline_price_id` text;--> statement-breakpoint
CREATE INDEX `requests_by_user` ON `requests` (`user_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `requests_by_model` ON `requests` (`model`,`started_at`);--> statement-breakpoint
CREATE INDEX `requests_that_failed` ON `requests` (`started_at`) WHERE "outcome" <> 'ok';