CREATE TABLE `custom_providers` (
	`id` text PRIMARY KEY NOT NULL,
	`label` text NOT NULL,
	`base_url` text NOT NULL,
	`models` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `model_overrides` (
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`prices` text,
	`quality` real,
	`note` text NOT NULL,
	`from` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`provider`, `model`)
);
--> statement-breakpoint
ALTER TABLE `provider_keys` ADD `weight` integer DEFAULT 1 NOT NULL;