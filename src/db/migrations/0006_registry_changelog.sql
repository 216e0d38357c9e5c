CREATE TABLE `registry_changelog` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`source` text NOT NULL,
	`type` text NOT NULL,
	`provider` text NOT NULL,
	`model` text,
	`tier` text,
	`prompt_over` integer,
	`field` text,
	`old_value` text,
	`new_value` text,
	`ratio` real,
	`effective_from` text,
	`message` text NOT NULL,
	`url` text,
	`fetched_at` text,
	`sha256` text,
	`parser` text
);
--> statement-breakpoint
CREATE INDEX `registry_changelog_by_time` ON `registry_changelog` (`at`);--> statement-breakpoint
CREATE INDEX `registry_changelog_by_model` ON `registry_changelog` (`provider`,`model`,`at`);