CREATE TABLE `deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`event_id` text NOT NULL,
	`tries` integer NOT NULL,
	`next_try_at` integer,
	`delivered_at` integer,
	`last_error` text,
	FOREIGN KEY (`event_id`) REFERENCES `events`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `deliveries_by_next_try` ON `deliveries` (`next_try_at`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_by_time` ON `events` (`at`);--> statement-breakpoint
ALTER TABLE `gateway_keys` ADD `limits` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `limits` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
UPDATE `gateway_keys` SET `limits` = json_object('requestsPerMinute', `requests_per_minute`) WHERE `requests_per_minute` IS NOT NULL;
