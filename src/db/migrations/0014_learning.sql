CREATE TABLE `learned` (
	`owner_id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `feedback` ADD `learned` text;