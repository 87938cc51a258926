ALTER TABLE "tasks" ADD COLUMN "target" jsonb;--> statement-breakpoint
-- So far every task was about its cluster.
UPDATE "tasks" SET "target" = jsonb_build_object('type', 'cluster', 'id', "cluster_id");--> statement-breakpoint
ALTER TABLE "tasks" ALTER COLUMN "target" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "input" jsonb DEFAULT '{}'::jsonb NOT NULL;
