CREATE TABLE `request_bodies` (
	`request_id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`prompt` blob NOT NULL,
	`answer` blob NOT NULL,
	`is_prompt_cut` integer NOT NULL,
	`is_answer_cut` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `request_bodies_by_time` ON `request_bodies` (`started_at`);--> statement-breakpoint
ALTER TABLE `gateway_keys` ADD `stores_bodies` integer DEFAULT false NOT NULL;