CREATE TABLE `shadow_comparisons` (
	`request_id` text PRIMARY KEY NOT NULL,
	`rival_request_id` text,
	`at` integer NOT NULL,
	`served` text NOT NULL,
	`rival` text NOT NULL,
	`judge` text NOT NULL,
	`outcome` text,
	`is_simulated` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `shadow_comparisons_by_time` ON `shadow_comparisons` (`at`);