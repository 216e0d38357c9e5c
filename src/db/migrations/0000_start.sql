CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`position` integer NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`started_at` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`headers_ms` integer,
	`status` integer,
	`error_code` text,
	`error_message` text,
	`is_usage_estimated` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`cost_nano_usd` integer
);
--> statement-breakpoint
CREATE INDEX `attempts_by_request` ON `attempts` (`request_id`);--> statement-breakpoint
CREATE TABLE `gateway_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`prefix` text NOT NULL,
	`strategy` text,
	`fallback_models` text DEFAULT '[]' NOT NULL,
	`requests_per_minute` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `gateway_keys_hash_unique` ON `gateway_keys` (`hash`);--> statement-breakpoint
CREATE TABLE `hourly_spend` (
	`hour` integer NOT NULL,
	`key_id` text NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`cache_hits` integer NOT NULL,
	`unpriced` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`prompt_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`cost_nano_usd` integer NOT NULL,
	`simulated_nano_usd` integer NOT NULL,
	`saved_nano_usd` integer NOT NULL,
	`cache_saved_nano_usd` integer NOT NULL,
	PRIMARY KEY(`hour`, `key_id`, `provider`, `model`)
);
--> statement-breakpoint
CREATE TABLE `one_time_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_time_tokens_hash_unique` ON `one_time_tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `provider_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`name` text NOT NULL,
	`sealed` text NOT NULL,
	`key_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE TABLE `requests` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`first_content_ms` integer,
	`overhead_us` integer NOT NULL,
	`key_id` text NOT NULL,
	`user_id` text,
	`endpoint` text NOT NULL,
	`dialect` text NOT NULL,
	`is_stream` integer NOT NULL,
	`requested_model` text NOT NULL,
	`outcome` text NOT NULL,
	`status` integer NOT NULL,
	`error_code` text,
	`stop_reason` text,
	`cache` text NOT NULL,
	`complexity` text,
	`confidence` integer,
	`strategy` text,
	`provider` text,
	`model` text,
	`reported_model` text,
	`decision` text,
	`attempt_count` integer NOT NULL,
	`is_simulated` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`cache_read_tokens` integer NOT NULL,
	`cache_write_short_tokens` integer NOT NULL,
	`cache_write_long_tokens` integer NOT NULL,
	`audio_input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`reasoning_tokens` integer NOT NULL,
	`audio_output_tokens` integer NOT NULL,
	`is_usage_estimated` integer NOT NULL,
	`service_tier` text,
	`cost_nano_usd` integer,
	`price_row` text,
	`baseline_model` text,
	`baseline_nano_usd` integer,
	`baseline_price_row` text,
	`saved_nano_usd` integer,
	`cache_saved_nano_usd` integer
);
--> statement-breakpoint
CREATE INDEX `requests_by_time` ON `requests` (`started_at`);--> statement-breakpoint
CREATE INDEX `requests_by_key` ON `requests` (`key_id`,`started_at`);--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`session_version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`disabled_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);