CREATE TABLE `feedback` (
	`request_id` text NOT NULL,
	`source` text NOT NULL,
	`at` integer NOT NULL,
	`key_id` text NOT NULL,
	`passed` integer NOT NULL,
	`rating` integer,
	`note` text,
	PRIMARY KEY(`request_id`, `source`)
);
