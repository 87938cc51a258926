ALTER TABLE "tasks" ADD COLUMN "worked_ms" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "vpcs" ADD COLUMN "used_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
CREATE INDEX "events_account_id_id_index" ON "events" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "tasks_account_id_ended_at_index" ON "tasks" USING btree ("account_id","ended_at");