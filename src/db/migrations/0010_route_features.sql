ALTER TABLE `gateway_keys` ADD `policy` text;--> statement-breakpoint
ALTER TABLE `requests` ADD `features` text;--> statement-breakpoint
ALTER TABLE `requests` ADD `arm` text;