CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text,
	`actor_name` text,
	`actor_role` text,
	`action` text NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_id` text,
	`subject_name` text,
	`details` text NOT NULL,
	`address` text
);
--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit_log` (`actor_id`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_action` ON `audit_log` (`action`,`id`);--> statement-breakpoint
ALTER TABLE `gateway_keys` ADD `previous_hash` text;--> statement-breakpoint
ALTER TABLE `gateway_keys` ADD `previous_until` integer;--> statement-breakpoint
ALTER TABLE `one_time_tokens` ADD `role` text;--> statement-breakpoint
ALTER TABLE `one_time_tokens` ADD `email` text;--> statement-breakpoint
ALTER TABLE `one_time_tokens` ADD `user_id` text;--> statement-breakpoint
ALTER TABLE `users` ADD `last_seen_at` integer;